import { beforeAll, describe, expect, test } from 'bun:test'
import {
  apiVersionOf,
  DNSEndpoint,
  DNSPolicy,
  Gateway,
  IstioGateway,
  type KindInfo,
  routerKinds,
  ServiceRoute,
} from '../../src/api/kinds.ts'
import { type KubeObject, refOf } from '../../src/api/object.ts'
import { Deployment, Lease, Secret } from '../../src/kube/kinds.ts'
import { put } from '../cluster/support/world.ts'
import { argumentsFor, externalDns as dnsNamespace, instance } from '../doctor/scene.ts'
import { gateway, namespace as namespaceOf, platform, policy, route } from '../engine/build.ts'
import { cname, endpoint as handMade } from '../import/support.ts'
import type { Client } from '../lab/client.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { accountBoundTo, type Installed, installedPlane, kubeconfigFor, runWith } from './support/plane.ts'
import { clearScene } from './support/scene.ts'

const reading = ['get', 'list', 'watch']
const writing = ['create', 'update', 'patch', 'delete', 'deletecollection']
const verbs = [...reading, ...writing]
const kinds: readonly KindInfo[] = [...routerKinds, DNSEndpoint, IstioGateway]
const tenants: readonly KindInfo[] = [DNSPolicy, ServiceRoute]

describeLab('what people may do', () => {
  let installed: Installed
  beforeAll(async () => {
    installed = await installedPlane()
    const { plane } = installed
    await clearScene(plane)
    await plane.applyManifests([
      ...['view', 'edit', 'admin'].flatMap(each => accountBoundTo('app', each, [each])),
      ...accountBoundTo('app', 'platform', ['srouter-platform'], 'cluster'),
      ...accountBoundTo('app', 'on-call', ['srouter-platform', 'srouter'], 'cluster'),
    ])
    await waitFor(() => may('edit', 'create', ServiceRoute, 'app'), { what: 'the roles to be aggregated' })
    await put(plane, [...platform(), route('app', 'api')])
  }, 120_000)

  const may = async (
    account: string,
    verb: string,
    { group, plural }: KindInfo,
    namespace: string | undefined,
    subresource?: string,
  ): Promise<boolean> => {
    const { body } = await installed.plane.request<{ status: { allowed: boolean } }>(
      'POST',
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          user: `system:serviceaccount:app:${account}`,
          groups: ['system:serviceaccounts', 'system:serviceaccounts:app', 'system:authenticated'],
          resourceAttributes: { verb, group, resource: plural, namespace, subresource },
        },
      },
    )
    return body.status.allowed
  }

  /** All that an account may do to the kinds that srouter reads and writes: `app ServiceRoute get`. */
  const granted = async (account: string): Promise<readonly string[]> => {
    const asked = kinds.flatMap(kind =>
      (kind.namespaced ? ['app', 'other', undefined] : [undefined]).flatMap(namespace =>
        ['', 'status', 'finalizers'].flatMap(subresource =>
          verbs.map(verb => ({ kind, namespace, subresource, verb })),
        ),
      ),
    )
    const answers = await Promise.all(
      asked.map(async ({ kind, namespace, subresource, verb }) => {
        const yes = await may(account, verb, kind, namespace, subresource)
        return yes ? [words(kind, namespace, verb, subresource)] : []
      }),
    )
    return answers.flat().sort()
  }

  const words = (kind: KindInfo, namespace: string | undefined, verb: string, subresource = ''): string =>
    `${namespace ?? 'everywhere'} ${kind.plural}.${kind.group} ${subresource} ${verb}`.replace('  ', ' ')

  const rows: readonly (readonly [account: string, may: readonly string[]])[] = [
    ['view', all(tenants, ['app'], reading)],
    ['edit', all(tenants, ['app'], verbs)],
    ['admin', all(tenants, ['app'], verbs)],
    [
      'platform',
      [
        ...all(
          routerKinds.filter(kind => !tenants.includes(kind)),
          ['app', 'other', undefined],
          verbs,
        ),
        ...all([...tenants, DNSEndpoint, IstioGateway], ['app', 'other', undefined], reading),
      ],
    ],
  ]
  test.each(rows)('%s: this and nothing else', async (account, expected) => {
    expect(await granted(account)).toEqual([...expected].sort())
  })

  function all(
    of: readonly KindInfo[],
    namespaces: readonly (string | undefined)[],
    theirs: readonly string[],
  ): readonly string[] {
    return of.flatMap(kind =>
      (kind.namespaced ? namespaces : [undefined]).flatMap(namespace =>
        theirs.map(verb => words(kind, namespace, verb)),
      ),
    )
  }

  describe('a tenant, with the token of its service account', () => {
    let tenant: Client
    beforeAll(async () => {
      const { plane } = installed
      tenant = plane.as({ user: 'edit', token: await plane.serviceAccountToken('app', 'edit') })
    })
    const statusOf = async (method: string, path: string, body?: object): Promise<number> => {
      const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
      return (await tenant.request(method, path, body, { contentType })).status
    }
    const pathOf = (object: KubeObject, collection?: 'collection') =>
      installed.plane.pathOf(refOf(object), collection)

    test.each([route('app', 'mine'), policy('app', {}, { name: 'mine' })])(
      'makes, changes and removes a $kind of its namespace',
      async object => {
        const [path, collection] = [await pathOf(object), await pathOf(object, 'collection')]
        expect(await statusOf('POST', collection, object)).toBe(201)
        expect(await statusOf('GET', path)).toBe(200)
        expect(await statusOf('PATCH', path, { metadata: { labels: { a: 'b' } } })).toBe(200)
        const { body } = await tenant.request('GET', path)
        expect(await statusOf('PUT', path, body)).toBe(200)
        expect(await statusOf('DELETE', path)).toBe(200)
        expect(await statusOf('DELETE', `${collection}?labelSelector=a=b`)).toBe(200)
      },
    )

    const endpoint = (namespace: string): KubeObject => ({
      apiVersion: apiVersionOf(DNSEndpoint),
      kind: DNSEndpoint.kind,
      metadata: { namespace, name: 'mine' },
      spec: { endpoints: [] },
    })
    const refused: readonly KubeObject[] = [
      route('other', 'mine'),
      policy('other'),
      gateway('mine', {}, { namespace: 'app' }),
      ...platform().filter(({ kind }) => ['ClusterIdentity', 'DNSConfiguration'].includes(kind)),
      endpoint('app'),
      {
        apiVersion: apiVersionOf(IstioGateway),
        kind: 'Gateway',
        metadata: { namespace: 'app', name: 'mine' },
      },
    ]
    test.each(refused)('makes no $apiVersion $kind of $metadata.namespace', async object => {
      const [path, collection] = [await pathOf(object), await pathOf(object, 'collection')]
      expect(await statusOf('POST', collection, object)).toBe(403)
      expect(await statusOf('PATCH', path, { metadata: { labels: { a: 'b' } } })).toBe(403)
      expect(await statusOf('DELETE', path)).toBe(403)
      expect(await statusOf('GET', path)).toBe(403)
    })

    test('sets no status of its own resources', async () => {
      const path = await pathOf(route('app', 'api'))
      expect(await statusOf('PATCH', `${path}/status`, { status: { phase: 'Active' } })).toBe(403)
      // Nor by the way that is open: the server drops it there.
      expect(await statusOf('PATCH', path, { status: { host: 'other.example.com' } })).toBe(200)
      const { body } = await tenant.request('GET', path)
      expect(JSON.stringify(body.status ?? {})).not.toContain('other.example.com')
    })
  })

  describe('the platform team', () => {
    test('can make a plan, and cannot apply it', async () => {
      const kubeconfig = await kubeconfigFor(installed, 'app/platform')
      expect(await runWith(kubeconfig, ['plan'])).toMatchObject({ code: 0, err: '' })
      const { code, out } = await runWith(kubeconfig, ['apply', '--auto-approve'])
      expect([code, out]).toEqual([5, expect.stringContaining('not allowed to create dnsendpoints')])
    })

    test('can see how far the move to other instances of ExternalDNS is', async () => {
      const kubeconfig = await kubeconfigFor(installed, 'app/platform')
      const { code, out, err } = await runWith(kubeconfig, ['adopt', '--check'])
      expect([code, err]).toEqual([0, ''])
      expect(out).toContain('zone weu: prepare')
    })

    test('can import what was made by hand, and a tenant cannot', async () => {
      const { plane } = installed
      const object = handMade('weu', [cname('web-ns-p-prod-app')], { name: 'by-hand' })
      await plane.applyManifests([object])
      const { code, out } = await runWith(await kubeconfigFor(installed, 'app/platform'), ['import'])
      await plane.remove(refOf(object))
      expect([code, out]).toEqual([0, expect.stringContaining('serviceName: web')])
      const tenant = await runWith(await kubeconfigFor(installed, 'app/edit'), ['import'])
      expect(tenant).toMatchObject({ code: 6, out: '', err: expect.stringContaining('not allowed to list') })
    })

    test('can write its kinds', async () => {
      const { plane } = installed
      const platformTeam = plane.as({
        user: 'platform',
        token: await plane.serviceAccountToken('app', 'platform'),
      })
      const object = gateway('external')
      const path = await plane.pathOf({ ...refOf(object), apiVersion: apiVersionOf(Gateway) }, 'collection')
      expect(await platformTeam.request('POST', path, object)).toMatchObject({ status: 201 })
      await plane.remove(refOf(object))
    })

    test("can apply with the daemon's role as well", async () => {
      const kubeconfig = await kubeconfigFor(installed, 'app/on-call')
      const { code, out, err } = await runWith(kubeconfig, ['apply', '--auto-approve'])
      expect([code, err]).toEqual([0, expect.any(String)])
      expect(out).not.toContain('failed')
    })

    test('can ask how things are, and why a record is not there', async () => {
      await runWith(await kubeconfigFor(installed, 'app/on-call'), ['apply', '--auto-approve'])
      const kubeconfig = await kubeconfigFor(installed, 'app/platform')
      const status = await runWith(kubeconfig, ['status', '-o', 'json'])
      expect(status).toMatchObject({ code: 0, err: '' })
      expect(JSON.parse(status.out)).toMatchObject({ summary: { routes: 1 }, unread: [] })
      const why = await runWith(kubeconfig, ['why', 'app/api', '-o', 'json'])
      // Nobody reads DNSEndpoints in this cluster.
      expect([why.code, why.err]).toEqual([1, ''])
      expect(JSON.parse(why.out)).toMatchObject({ broken: { link: 'read', reason: 'DNSNotReady' } })
    })
  })

  describe('the doctor', () => {
    const notChecked = async (account: string) => {
      const { code, out, err } = await runWith(await kubeconfigFor(installed, account), [
        'doctor',
        '-o',
        'json',
      ])
      expect([code === 0 || code === 1, err]).toEqual([true, ''])
      const { checks } = JSON.parse(out) as { checks: { code: string; outcome: string; message: string }[] }
      return checks
        .filter(({ outcome }) => outcome === 'notChecked')
        .map(({ code: each, message }) => [each, message])
    }

    test('looks at all for the platform team but Secrets and the rights of others', async () => {
      const { plane } = installed
      await put(plane, [
        namespaceOf(dnsNamespace),
        instance('weu-single', { args: argumentsFor('single', 'weu') }),
        instance('neu-single', { args: argumentsFor('single', 'neu') }),
      ])
      const secrets = 'not allowed to get secrets "tls" in namespace "ingress"'
      expect(await notChecked('app/platform')).toEqual([
        ['DaemonAccess', 'not allowed to create subjectaccessreviews.authorization.k8s.io'],
        ['TLSSecrets', secrets],
        ['TLSExpiry', secrets],
        ['TLSHosts', secrets],
      ])
    })

    test('adds to the platform team Deployments and two Leases, to be listed', async () => {
      const platformMay = (verb: string, kind: KindInfo) => may('platform', verb, kind, undefined)
      expect(await Promise.all(verbs.map(verb => platformMay(verb, Deployment)))).toEqual(
        verbs.map(verb => verb === 'list'),
      )
      for (const kind of [Secret, Lease])
        expect(await Promise.all(verbs.map(verb => platformMay(verb, kind)))).toEqual(verbs.map(() => false))
    })

    test('says to an application team what it may not see', async () => {
      const found = await notChecked('app/edit')
      expect(found.length).toBeGreaterThan(20)
      for (const [code, message] of found)
        expect([code, message]).toEqual([code, expect.stringMatching(/^not allowed to /)])
    })
  })

  describe('an application team', () => {
    test.each(['view', 'edit'])('as %s sees how its own routes are, and no others', async account => {
      const kubeconfig = await kubeconfigFor(installed, `app/${account}`)
      const { code, out, err } = await runWith(kubeconfig, ['status', '-n', 'app', '-o', 'json'])
      expect([code, err]).toEqual([0, ''])
      expect(JSON.parse(out)).toMatchObject({
        summary: { routes: 1 },
        unread: ['DNSEndpoint', 'Gateway', 'ClusterIdentity', 'DNSConfiguration', 'RegionFailover'],
      })
      const others = await runWith(kubeconfig, ['status', '-n', 'other'])
      expect([others.code, others.out]).toEqual([6, ''])
      expect((await runWith(kubeconfig, ['why', 'app/api'])).code).toBe(6)
    })
  })
})
