import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildInfo } from '../../src/cli/build-info.ts'
import { commands } from '../../src/cli/commands/index.ts'
import { usageProblem } from '../docs/command-line.ts'
import { root } from '../executable/process.ts'
import { printed, the } from '../install/support.ts'
import type { Manifest } from '../lab/client.ts'
import { documents } from '../lab/documents.ts'
import { describeLab } from '../lab/suite.ts'
import { chartOf, helm, helmPrints, templated } from './support/helm.ts'

const chart = chartOf('srouter')
const digest = `sha256:${'0'.repeat(64)}`

/** By kind and name: Helm has an order of its own. */
const byName = (objects: readonly Manifest[]) =>
  Object.fromEntries(objects.map(object => [`${object.kind} ${object.metadata.name}`, object]))

const keep = { 'helm.sh/resource-policy': 'keep' }

/** What the chart makes of what is printed: the same, without the Namespace, and with CRDs that Helm keeps. */
const expected = (objects: readonly Manifest[]): readonly Manifest[] =>
  objects
    .filter(({ kind }) => kind !== 'Namespace')
    .map(object =>
      object.kind === 'CustomResourceDefinition'
        ? { ...object, metadata: { ...object.metadata, annotations: keep } }
        : object,
    )

interface PodSpec {
  readonly containers: readonly { readonly args: readonly string[] }[]
}
const podOf = (objects: readonly Manifest[]) =>
  (the(objects, 'Deployment').spec as { template: { spec: PodSpec & Record<string, unknown> } }).template

describeLab(
  'the chart srouter',
  () => {
    test('has nothing for the linter to say', async () => {
      expect(await helmPrints(['lint', '--strict', chart])).toContain('0 chart(s) failed')
    })

    const everything = {
      image: { repository: 'registry.example.com/srouter', tag: '1.2.3' },
      defaultGatewayNamespace: 'ingress',
      metrics: { secure: true, serviceMonitor: { enabled: true } },
      networkPolicy: { enabled: true },
    }
    test.each<[values: object, flags: readonly string[]]>([
      [{}, []],
      [
        { image: { repository: 'r.io:5000/a/srouter' } },
        ['--image', `r.io:5000/a/srouter:${buildInfo.version}`],
      ],
      [{ image: { tag: 'x' } }, ['--image', 'srouter:x']],
      [{ image: { tag: 'x', digest } }, ['--image', `srouter@${digest}`]],
      [{ defaultGatewayNamespace: 'ingress' }, ['--default-gateway-namespace', 'ingress']],
      [{ metrics: { secure: true } }, ['--metrics-secure']],
      [{ metrics: { serviceMonitor: { enabled: true } } }, ['--with-service-monitor']],
      [{ networkPolicy: { enabled: true } }, ['--with-network-policy']],
      [
        everything,
        [
          ...['--image', 'registry.example.com/srouter:1.2.3', '--default-gateway-namespace', 'ingress'],
          ...['--metrics-secure', '--with-service-monitor', '--with-network-policy'],
        ],
      ],
    ])('%j is what install prints with %j', async (values, flags) => {
      for (const namespace of ['srouter-system', 'platform'])
        expect(byName(await templated('srouter', values, namespace))).toEqual(
          byName(expected(await printed('-n', namespace, ...flags))),
        )
    })

    test('has alerts and a dashboard as they are in deploy', async () => {
      const labels = { release: 'prometheus' }
      const on = { enabled: true, labels }
      const made = await templated('srouter', { metrics: { alerts: on, dashboard: on } })
      const deployed = ['alerts', 'dashboard'].flatMap(name =>
        documents<Manifest>(readFileSync(join(root, `deploy/components/${name}/${name}.yaml`), 'utf8')),
      )
      for (const { kind, metadata, ...rest } of deployed)
        expect(the(made, kind)).toEqual({
          kind,
          metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
          ...rest,
        })
      expect(deployed.map(({ kind }) => kind)).toEqual(['PrometheusRule', 'ConfigMap'])
    })

    test('has no CRDs where somebody else installs them', async () => {
      const kinds = (await templated('srouter', { crds: { enabled: false } })).map(({ kind }) => kind)
      expect(kinds).toContain('Deployment')
      expect(kinds).not.toContain('CustomResourceDefinition')
    })

    test('has a budget for disruptions only where one replica may go', async () => {
      const kinds = async (replicas: number) => {
        const objects = await templated('srouter', { replicas })
        expect(the(objects, 'Deployment').spec).toMatchObject({ replicas })
        return objects.map(({ kind }) => kind)
      }
      expect(await kinds(3)).toContain('PodDisruptionBudget')
      for (const few of [0, 1]) expect(await kinds(few)).not.toContain('PodDisruptionBudget')
    })

    test('puts into the Deployment what it has values for', async () => {
      const values = {
        imagePullSecrets: [{ name: 'registry' }],
        priorityClassName: 'platform',
        nodeSelector: { pool: 'system' },
        tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
      }
      const resources = { limits: { memory: '1Gi' } }
      const objects = await templated('srouter', {
        ...values,
        resources,
        podAnnotations: { 'example.com/a': 'b' },
        args: ['--interval=1m', '--concurrency=4'],
        metrics: { serviceMonitor: { enabled: true, labels: { release: 'prometheus' } } },
      })
      const { metadata, spec } = podOf(objects) as ReturnType<typeof podOf> & { metadata: object }
      expect(metadata).toMatchObject({ annotations: { 'example.com/a': 'b' } })
      // Maps of values are merged by Helm: the defaults stay.
      expect(spec).toMatchObject({
        ...values,
        nodeSelector: { 'kubernetes.io/os': 'linux', ...values.nodeSelector },
        containers: [{ resources: { limits: resources.limits, requests: { cpu: '50m', memory: '160Mi' } } }],
      })
      const [container] = spec.containers
      expect(container?.args).toEqual(['run', '--interval=1m', '--concurrency=4'])
      expect(await usageProblem(container?.args ?? [], commands)).toBeUndefined()
      expect(the(objects, 'ServiceMonitor').metadata.labels).toMatchObject({ release: 'prometheus' })
    })

    test('can be part of another chart', async () => {
      expect(byName(await templated('srouter', { global: { anything: 1 } }))).toEqual(
        byName(await templated('srouter')),
      )
    })

    test.each([
      [{ replica: 2 }, "additional properties 'replica' not allowed"],
      [{ replicas: '2' }, "at '/replicas': got string, want integer"],
      [{ image: 'srouter:1' }, "at '/image': got string, want object"],
      [{ image: { tag: 'a b' } }, "at '/image/tag'"],
      [{ image: { repository: 'srouter@sha256:1' } }, "at '/image/repository'"],
      [{ image: { digest: '1234' } }, "at '/image/digest'"],
      [{ args: ['interval=1m'] }, "at '/args/0'"],
      [{ metrics: { enabled: true } }, "additional properties 'enabled' not allowed"],
      [{ defaultGatewayNamespace: '' }, "at '/defaultGatewayNamespace'"],
    ])('refuses %j', async (values, said) => {
      const { code, err } = await helm(['template', 'release', chart], values)
      expect([code, err]).toEqual([1, expect.stringContaining(said)])
    })

    test('needs the Kubernetes that the documents name', async () => {
      const documented = /Kubernetes (1\.\d+) or later/.exec(
        readFileSync(join(root, 'docs/installation.md'), 'utf8'),
      )?.[1]
      const [major, minor = ''] = (documented ?? '').split('.')
      const on = (version: string) => helm(['template', 'release', chart, '--kube-version', version])
      expect(await on(`v${documented}.17`)).toMatchObject({ code: 0 })
      expect(await on(`v${documented}.6-gke.100`)).toMatchObject({ code: 0 })
      expect(await on(`v${major}.${Number(minor) - 1}.0`)).toMatchObject({
        code: 1,
        err: expect.stringContaining('kubeVersion'),
      })
    })
  },
  'helm',
)
