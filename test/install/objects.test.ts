import { describe, expect, test } from 'bun:test'
import { crdFiles } from '../../src/api/crd-files.ts'
import { routerKinds } from '../../src/api/kinds.ts'
import { buildInfo } from '../../src/cli/build-info.ts'
import { commands } from '../../src/cli/commands/index.ts'
import { run } from '../../src/cli/commands/run.ts'
import { renderParts } from '../../src/cli/render/parts.ts'
import { parts } from '../../src/install/parts.ts'
import { runInMemory } from '../cli/host.ts'
import { goldens } from '../lib/golden.ts'
import { ofKind, type Printed, printed, the } from './support.ts'

const golden = goldens('install')

const everything = ['--metrics-secure', '--with-service-monitor', '--with-network-policy'] as const

interface PodSpec {
  readonly serviceAccountName: string
  readonly volumes?: readonly { readonly name: string }[]
  readonly containers: readonly {
    readonly image: string
    readonly args: readonly string[]
    readonly env: readonly { readonly name: string; readonly value: string }[]
    readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
    readonly volumeMounts?: readonly { readonly name: string }[]
    readonly livenessProbe: { readonly httpGet: { readonly port: string } }
    readonly readinessProbe: { readonly httpGet: { readonly port: string } }
  }[]
}

interface Template {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> }
  readonly spec: PodSpec
}

const templateOf = (objects: readonly Printed[]): Template =>
  (the(objects, 'Deployment').spec as { template: Template }).template

const containerOf = (objects: readonly Printed[]) => {
  const [container, ...others] = templateOf(objects).spec.containers
  if (container === undefined || others.length > 0) throw new Error('not one container')
  return container
}

// What is printed without flags is in deploy/, byte by byte.
test('with every flag', () => {
  const all = parts({
    namespace: 'platform',
    image: 'registry.example.com/srouter:1.2.3',
    version: '1.2.3',
    defaultGatewayNamespace: 'ingress',
    metricsSecure: true,
    withServiceMonitor: true,
    withNetworkPolicy: true,
  })
  golden('every-flag.yaml', [...renderParts(all.filter(({ name }) => name !== 'crds'))].join(''))
})

describe('what is printed', () => {
  test('is the same every time', async () => expect(await printed()).toEqual(await printed()))

  test('comes in an order in which it can be applied', async () => {
    const kinds = (await printed(...everything)).map(({ kind }) => kind)
    expect([...new Set(kinds)]).toEqual([
      ...['Namespace', 'CustomResourceDefinition', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding'],
      ...['Role', 'RoleBinding', 'Service', 'Deployment', 'PodDisruptionBudget', 'NetworkPolicy'],
      'ServiceMonitor',
    ])
    expect(kinds.slice(1, 1 + routerKinds.length)).toEqual(routerKinds.map(() => 'CustomResourceDefinition'))
  })

  test('has every object once', async () => {
    const objects = await printed(...everything)
    const keys = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    expect(keys).toEqual([...new Set(keys)])
  })

  test('only the CRDs', async () => {
    const { code, out } = await runInMemory(['install', '--crds-only'], commands)
    expect([code, out]).toEqual([0, `---\n${crdFiles.join('---\n')}`])
  })
})

describe('the namespace', () => {
  const clusterWide = ['Namespace', 'CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding']

  test.each([[[]], [['--namespace', 'platform']]])('is the same everywhere: %j', async flags => {
    const wanted = flags[1] ?? 'srouter-system'
    const objects = await printed(...everything, ...flags)
    expect(the(objects, 'Namespace').metadata.name).toBe(wanted)
    for (const { kind, metadata } of objects)
      expect([kind, metadata.namespace]).toEqual([kind, clusterWide.includes(kind) ? undefined : wanted])
    const bindings = [...ofKind(objects, 'ClusterRoleBinding'), ...ofKind(objects, 'RoleBinding')]
    for (const { subjects } of bindings)
      expect(subjects).toEqual([{ kind: 'ServiceAccount', name: 'srouter', namespace: wanted }])
    expect(JSON.stringify(objects).includes('srouter-system')).toBe(wanted === 'srouter-system')
  })

  test("is held to the restricted profile where it is srouter's own", async () => {
    const labelOf = async (...flags: readonly string[]) =>
      the(await printed(...flags), 'Namespace').metadata.labels?.['pod-security.kubernetes.io/enforce']
    expect(await labelOf()).toBe('restricted')
    // Others may run there, who need more.
    expect(await labelOf('-n', 'kube-system')).toBeUndefined()
  })
})

describe('the roles', () => {
  test('every binding names a role that is there', async () => {
    const objects = await printed(...everything)
    for (const kind of ['ClusterRole', 'Role'])
      for (const { roleRef } of ofKind(objects, `${kind}Binding`)) {
        const { name } = roleRef as { readonly name: string }
        expect(roleRef).toEqual({ apiGroup: 'rbac.authorization.k8s.io', kind, name })
        the(objects, kind, name)
      }
  })

  test('no rule has a wildcard, and none reads Secrets', async () => {
    const rules = JSON.stringify(
      (await printed(...everything)).flatMap(({ rules = [] }) => rules as readonly object[]),
    )
    expect(rules).not.toMatch(/"\*"|secrets/)
  })

  test('only secured metrics need to ask who calls', async () => {
    const names = async (...flags: readonly string[]) =>
      ofKind(await printed(...flags), 'ClusterRole').map(({ metadata }) => metadata.name)
    const usual = [
      'srouter',
      'srouter-tenant-edit',
      'srouter-tenant-view',
      'srouter-gate',
      'srouter-platform',
    ]
    expect(await names()).toEqual(usual)
    expect(await names('--metrics-secure')).toEqual([
      ...usual,
      'srouter-metrics-auth',
      'srouter-metrics-reader',
    ])
  })
})

describe('the daemon', () => {
  test('has the image of this version, or the one that is asked for', async () => {
    expect(containerOf(await printed()).image).toBe(`srouter:${buildInfo.version}`)
    expect(containerOf(await printed('--image', 'r.io:5000/a/srouter:x')).image).toBe('r.io:5000/a/srouter:x')
  })

  test('no image is "latest", whatever that is today', async () => {
    const { out } = await runInMemory(['install', ...everything], commands)
    expect(out).not.toContain('latest')
  })

  test('has a command line and an environment that run takes', async () => {
    const flags = ['--default-gateway-namespace', 'ingress', ...everything]
    for (const objects of [await printed(), await printed(...flags)]) {
      const { args, env } = containerOf(objects)
      const [command, ...rest] = args
      expect(command).toBe('run')
      // Without a kubeconfig it ends right after it has read its flags.
      const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]))
      const ended = await runInMemory(['run', ...rest, '--kubeconfig', '/nowhere'], commands, {
        env: variables,
      })
      expect([ended.code, ended.err]).toEqual([6, expect.stringContaining('/nowhere')])
    }
  })

  test('names the namespace of Gateways only where it is another one', async () => {
    const names = (objects: readonly Printed[]) => containerOf(objects).env.map(({ name }) => name)
    expect(names(await printed('--default-gateway-namespace', 'istio-system'))).toEqual([
      'SROUTER_LOG_FORMAT',
    ])
    expect(containerOf(await printed('--default-gateway-namespace', 'ingress')).env).toContainEqual({
      name: 'SROUTER_DEFAULT_GATEWAY_NAMESPACE',
      value: 'ingress',
    })
  })

  test('listens where its ports say', async () => {
    const { ports, livenessProbe, readinessProbe } = containerOf(await printed())
    const defaults = [run.flags.metricsBindAddress, run.flags.healthProbeBindAddress].map(
      flag => flag?.default,
    )
    expect(ports.map(({ containerPort }) => `:${containerPort}`)).toEqual(defaults as string[])
    const names = ports.map(({ name }) => name)
    expect(names).toContain(livenessProbe.httpGet.port)
    expect(names).toContain(readinessProbe.httpGet.port)
  })

  test('mounts the volumes that it has', async () => {
    const objects = await printed('--metrics-secure')
    const mounts = containerOf(objects).volumeMounts?.map(({ name }) => name)
    expect(mounts).toEqual(templateOf(objects).spec.volumes?.map(({ name }) => name))
  })

  test('is what every selector selects', async () => {
    const objects = await printed(...everything)
    const { labels } = templateOf(objects).metadata
    const specOf = (kind: string) => the(objects, kind).spec as Readonly<Record<string, unknown>>
    const selectors = [
      specOf('Service').selector,
      ...['Deployment', 'PodDisruptionBudget'].map(
        kind => (specOf(kind).selector as { matchLabels: unknown }).matchLabels,
      ),
      (specOf('NetworkPolicy').podSelector as { matchLabels: unknown }).matchLabels,
    ]
    for (const selector of selectors) {
      expect(labels).toMatchObject(selector as Record<string, string>)
      // The version is in none of them: a selector can never be changed.
      expect(selector).toEqual({ 'app.kubernetes.io/name': 'srouter' })
    }
    const monitored = (specOf('ServiceMonitor').selector as { matchLabels: object }).matchLabels
    expect(the(objects, 'Service').metadata.labels).toMatchObject(monitored)
    expect(templateOf(objects).spec.serviceAccountName).toBe(the(objects, 'ServiceAccount').metadata.name)
  })

  test('every object has the labels', async () => {
    for (const { kind, metadata } of await printed(...everything))
      if (kind !== 'CustomResourceDefinition')
        expect(metadata.labels).toMatchObject({
          'app.kubernetes.io/name': 'srouter',
          'app.kubernetes.io/version': buildInfo.version,
        })
  })
})

describe('refused', () => {
  const rows: readonly (readonly [flags: readonly string[], said: string])[] = [
    [['--image', 'srouter'], 'has no tag'],
    [['--image', 'localhost:5000/srouter'], 'has no tag'],
    [['--image', 'sr outer:1'], 'is no image'],
    [['--image', 'srouter:'], 'is no image'],
    [['--namespace', 'A_b'], 'name of a namespace'],
    [['--namespace', 'a'.repeat(64)], 'name of a namespace'],
    [['--default-gateway-namespace', '-'], 'name of a namespace'],
    [['--crds-only', '--with-network-policy'], 'nothing else'],
    [['--crds-only', '-n', 'a'], 'nothing else'],
  ]
  test.each(rows)('%j', async (flags, said) => {
    const { code, out, err } = await runInMemory(['install', ...flags], commands)
    expect([code, out]).toEqual([64, ''])
    expect(err).toContain(said)
  })

  test.each(['a/srouter:1.0', 'localhost:5000/srouter:1', `srouter@sha256:${'0'.repeat(64)}`])(
    'not refused: %s',
    async image => expect(containerOf(await printed('--image', image)).image).toBe(image),
  )
})
