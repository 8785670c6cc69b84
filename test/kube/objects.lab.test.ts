import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { DNSEndpoint, ServiceRoute } from '../../src/api/kinds.ts'
import type { KubeObject } from '../../src/api/object.ts'
import type { KubeClient } from '../../src/kube/client.ts'
import {
  allowed,
  apply,
  applyStatus,
  ConfigMap,
  confirmedList,
  create,
  get,
  isAlreadyExists,
  isConflict,
  isInvalid,
  KubeError,
  list,
  patch,
  patchStatus,
  remove,
  replaceStatus,
  served,
  servedKinds,
  serverVersion,
  update,
} from '../../src/kube/index.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { freshNamespace, sharedControlPlane } from '../lab/shared.ts'
import { describeLab } from '../lab/suite.ts'
import { certificateUser, clientOf, configMap } from './support/lab.ts'

interface Endpoints extends KubeObject {
  readonly spec: {
    readonly endpoints: readonly { readonly dnsName: string; readonly targets: readonly string[] }[]
  }
  readonly status?: { readonly observedGeneration?: number }
}

describeLab('objects on a real API server', () => {
  let plane: ControlPlane
  let client: KubeClient
  let namespace: string
  beforeAll(async () => {
    plane = await sharedControlPlane()
    client = clientOf(plane)
  }, 120_000)
  beforeEach(async () => {
    namespace = await freshNamespace()
  })
  afterAll(() => client?.close())

  const failure = async (work: Promise<unknown>): Promise<KubeError> => {
    const thrown = await work.then(
      () => undefined,
      error => error,
    )
    if (!(thrown instanceof KubeError)) throw thrown
    return thrown
  }

  const endpoint = (name: string, target = '192.0.2.1'): Endpoints => ({
    apiVersion: 'externaldns.k8s.io/v1alpha1',
    kind: 'DNSEndpoint',
    metadata: { namespace, name },
    spec: { endpoints: [{ dnsName: 'a.example.com', targets: [target] }] },
  })
  const refTo = (name: string) => ({
    apiVersion: 'externaldns.k8s.io/v1alpha1',
    kind: 'DNSEndpoint',
    namespace,
    name,
  })

  describe('lists', () => {
    test('1,200 objects in pages, complete and without managedFields', async () => {
      const names = Array.from({ length: 1200 }, (_, i) => `c-${String(i).padStart(4, '0')}`)
      await Promise.all(names.map(name => create(client, configMap(namespace, name, { name }))))
      const pages: number[] = []
      const counting: KubeClient = {
        ...client,
        json: async <T>(request: Parameters<KubeClient['json']>[0]): Promise<T> => {
          const page = await client.json<T & { items: unknown[] }>(request)
          pages.push(page.items.length)
          return page
        },
      }
      const { items, resourceVersion } = await list(counting, ConfigMap, {
        namespace,
        labelSelector: '!none',
      })
      const ours = items.filter(item => item.metadata.name.startsWith('c-'))
      expect(ours.map(item => item.metadata.name).sort()).toEqual(names)
      // The namespace may have got the kube-root-ca.crt of its own by now.
      expect(pages.slice(0, 2)).toEqual([500, 500])
      expect(pages.length).toBe(3)
      expect(Number(resourceVersion)).toBeGreaterThan(0)
      expect(ours[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { name: 'c-0000' } })
      expect(ours.every(item => !('managedFields' in item.metadata))).toBe(true)
    }, 60_000)

    test('a namespace, labels, and what is not there', async () => {
      await apply(client, { ...endpoint('a'), metadata: { namespace, name: 'a', labels: { x: 'y' } } })
      await apply(client, endpoint('b'))
      const names = async (labelSelector?: string) =>
        (await list(client, DNSEndpoint, { namespace, labelSelector })).items.map(item => item.metadata.name)
      expect(await names()).toEqual(['a', 'b'])
      expect(await names('x=y')).toEqual(['a'])
      expect(await names('x in (z)')).toEqual([])
      expect((await confirmedList(client, DNSEndpoint, { namespace: 'none', hadItems: true })).items).toEqual(
        [],
      )
    })
  })

  describe('server-side apply', () => {
    test('creates, changes, and the second time changes nothing', async () => {
      const first = await apply(client, endpoint('a'), { force: true })
      expect(first.metadata.uid).toBeString()
      expect(first).not.toHaveProperty('metadata.managedFields')
      const again = await apply(client, endpoint('a'), { force: true })
      expect(again.metadata.resourceVersion).toBe(first.metadata.resourceVersion as string)
      const changed = await apply(client, endpoint('a', '192.0.2.2'), { force: true })
      expect(changed.metadata.generation).toBe(2)
      expect((await get<Endpoints>(client, refTo('a')))?.spec.endpoints[0]?.targets).toEqual(['192.0.2.2'])
    })

    test('conflicts with another owner unless forced', async () => {
      await apply(client, endpoint('a'), { fieldManager: 'someone' })
      const error = await failure(apply(client, endpoint('a', '192.0.2.2')))
      expect(isConflict(error)).toBe(true)
      expect(error.message).toContain('conflict with "someone"')
      await apply(client, endpoint('a', '192.0.2.2'), { force: true })
    })

    test('a dry run writes nothing', async () => {
      const made = await apply(client, endpoint('a'), { dryRun: true })
      expect(made.metadata.uid).toBeString()
      expect(await get(client, refTo('a'))).toBeUndefined()
    })

    test('what the schema forbids is said in its words', async () => {
      const wrong = { ...endpoint('a'), spec: { endpoints: 'none' } }
      const error = await failure(apply(client, wrong))
      expect(error.message).toMatch(
        new RegExp(
          `^cannot patch dnsendpoints.externaldns.k8s.io "a" in namespace "${namespace}": .*endpoints`,
        ),
      )
      const strict = { ...endpoint('a'), spec: { endpoints: [], extra: 1 } }
      expect((await failure(apply(client, strict, { fieldValidation: 'Strict' }))).message).toContain(
        'spec.extra',
      )
    })
  })

  describe('create, update and status', () => {
    test('create once', async () => {
      await create(client, endpoint('a'))
      expect(isAlreadyExists(await failure(create(client, endpoint('a'))))).toBe(true)
    })

    test('update wants the current version', async () => {
      const old = await create(client, endpoint('a'))
      const updated = await update(client, { ...old, spec: endpoint('a', '192.0.2.9').spec })
      expect(updated.metadata.generation).toBe(2)
      expect(isConflict(await failure(update(client, old)))).toBe(true)
    })

    test('status: patched, replaced, applied; and the spec stays', async () => {
      const made = await create(client, endpoint('a'))
      const patched = await patchStatus<Endpoints>(client, refTo('a'), { observedGeneration: 1 })
      expect(patched.status?.observedGeneration).toBe(1)
      const { resourceVersion = '' } = made.metadata
      const late = patchStatus(client, refTo('a'), { observedGeneration: 2 }, { resourceVersion })
      expect(isConflict(await failure(late))).toBe(true)
      const replaced = await replaceStatus(client, { ...patched, status: { observedGeneration: 3 } })
      expect(replaced.status?.observedGeneration).toBe(3)
      const { apiVersion, kind } = made
      const applied = await applyStatus<KubeObject>(
        client,
        { apiVersion, kind, metadata: { namespace, name: 'a' }, status: { observedGeneration: 4 } },
        { force: true },
      )
      expect(applied).toMatchObject({ spec: made.spec, status: { observedGeneration: 4 } })
    })

    test('merge patch', async () => {
      await create(client, endpoint('a'))
      const patched = await patch(client, refTo('a'), { metadata: { labels: { a: 'b' } } })
      expect(patched.metadata.labels).toEqual({ a: 'b' })
      expect(patched.spec).toEqual(endpoint('a').spec)
    })
  })

  describe('removal', () => {
    test('only the object that was meant, and only as it was', async () => {
      const made = await create(client, endpoint('a'))
      const uid = '00000000-0000-0000-0000-000000000000'
      const other = await failure(remove(client, refTo('a'), { uid }))
      expect(isConflict(other)).toBe(true)
      expect(other.message).toContain('the UID in the precondition')
      const changed = await apply(client, endpoint('a', '192.0.2.2'), { force: true })
      const { resourceVersion } = made.metadata
      expect(isConflict(await failure(remove(client, refTo('a'), { resourceVersion })))).toBe(true)
      expect(await remove(client, refTo('a'), { dryRun: true })).toBe(true)
      expect(await get(client, refTo('a'))).toBeDefined()
      const exactly = { uid: changed.metadata.uid, resourceVersion: changed.metadata.resourceVersion }
      expect(await remove(client, refTo('a'), exactly)).toBe(true)
      expect(await get(client, refTo('a'))).toBeUndefined()
      expect(await remove(client, refTo('a'), exactly)).toBe(false)
    })
  })

  describe('what the server has', () => {
    test('its version, groups and kinds', async () => {
      expect(Number((await serverVersion(client)).minor.replace(/\D/g, ''))).toBeGreaterThan(20)
      expect(await served(client, 'networking.istio.io')).toContain('v1')
      expect(await served(client, 'nobody.example.com')).toEqual([])
      const kinds = await servedKinds(client, 'externaldns.k8s.io/v1alpha1')
      expect(kinds).toEqual([
        {
          kind: 'DNSEndpoint',
          plural: 'dnsendpoints',
          namespaced: true,
          status: true,
          verbs: expect.arrayContaining(['list', 'watch', 'patch', 'delete']),
        },
      ])
      expect(await servedKinds(client, 'externaldns.k8s.io/v7')).toEqual([])
      expect((await servedKinds(client, 'v1')).find(kind => kind.kind === 'Service')?.plural).toBe('services')
    })

    test('what the user may do', async () => {
      const permission = { verb: 'list', kind: ServiceRoute, namespace } as const
      expect(await allowed(client, permission)).toBe(true)
      const jane = clientOf(plane, { user: certificateUser(await plane.issueClientCert('jane')) })
      expect(await allowed(jane, permission)).toBe(false)
    })

    test('an invalid object is invalid', async () => {
      const bad = { ...configMap(namespace, 'UPPER') }
      expect(isInvalid(await failure(create(client, bad)))).toBe(true)
    })
  })
})
