import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { ServiceRoute } from '../../src/api/kinds.ts'
import type { KubeObject } from '../../src/api/object.ts'
import type { KubeClient } from '../../src/kube/client.ts'
import {
  apply,
  ConfigMap,
  create,
  list,
  remove,
  type WatchOptions,
  type WatchRestart,
  watch,
} from '../../src/kube/index.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { routerCrds } from '../lab/crds.ts'
import { freshNamespace } from '../lab/shared.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { clientOf, configMap } from './support/lab.ts'

/** What a consumer of a watch knows: built of its events alone. */
const mirror = (
  client: KubeClient,
  kind: typeof ServiceRoute | typeof ConfigMap,
  options: Partial<WatchOptions>,
) => {
  const stop = new AbortController()
  const known = new Map<string, KubeObject>()
  const restarts: WatchRestart[] = []
  const seen: string[] = []
  const keyOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`
  const run = async () => {
    const all = {
      signal: stop.signal,
      onRestart: (restart: WatchRestart) => restarts.push(restart),
      ...options,
    }
    for await (const event of watch(client, kind, all)) {
      seen.push(event.type)
      if (event.type === 'replaced') {
        known.clear()
        for (const object of event.objects) known.set(keyOf(object), object)
      } else if (event.type === 'deleted') known.delete(keyOf(event.object))
      else if (event.type !== 'bookmark') known.set(keyOf(event.object), event.object)
    }
  }
  const running = run()
  return {
    known,
    restarts,
    seen,
    names: () => [...known.values()].map(object => object.metadata.name).sort(),
    stop: async () => {
      stop.abort()
      await running
    },
  }
}

describeLab('a watch of a real API server', () => {
  let plane: ControlPlane
  let client: KubeClient
  let namespace: string
  beforeAll(async () => {
    plane = await startControlPlane({ manifests: await routerCrds() })
    client = clientOf(plane)
    namespace = await freshNamespace({}, plane)
  }, 120_000)
  afterAll(() => plane?.stop())

  const route = (name: string, environment = 'prod'): KubeObject => ({
    apiVersion: 'routing.router.io/v1alpha1',
    kind: 'ServiceRoute',
    metadata: { namespace, name },
    spec: { serviceName: name, gatewayName: 'internal', environment, application: 'app1' },
  })
  const refTo = (name: string) => ({ ...route(name), namespace, name })

  test('streams the whole state, then every change', async () => {
    await Promise.all(['a', 'b', 'c'].map(name => create(client, route(name))))
    const requests: string[] = []
    const listening: KubeClient = {
      ...client,
      json: request => {
        requests.push(request.verb)
        return client.json(request)
      },
      open: request => {
        requests.push(request.verb)
        return client.open(request)
      },
    }
    const view = mirror(listening, ServiceRoute, { namespace })
    await waitFor(() => view.known.size === 3, { what: 'the state' })
    expect(view.seen).toEqual(['replaced'])
    await apply(client, route('a', 'test'), { force: true })
    await remove(client, refTo('b'))
    await create(client, route('d'))
    await waitFor(() => view.names().join() === 'a,c,d', { what: 'the changes' })
    expect(view.seen).toEqual(['replaced', 'modified', 'deleted', 'added'])
    const a = view.known.get(`${namespace}/a`)
    expect(a).toMatchObject({
      apiVersion: 'routing.router.io/v1alpha1',
      kind: 'ServiceRoute',
      spec: { environment: 'test' },
    })
    expect(a?.metadata).not.toHaveProperty('managedFields')
    await view.stop()
    // Servers that cannot stream the state say so, and are listed.
    expect(['watch', 'watch,list,watch']).toContain(requests.join())
  })

  test('is renewed when it is silent, and misses nothing', async () => {
    const view = mirror(client, ServiceRoute, { namespace, silentMs: 200 })
    await waitFor(() => view.restarts.length >= 2, { what: 'two renewals' })
    await create(client, route('after-silence'))
    await waitFor(() => view.names().includes('after-silence'), { what: 'the change' })
    expect(new Set(view.restarts.map(restart => restart.cause))).toEqual(new Set(['silent']))
    expect(view.seen.filter(type => type === 'replaced').length).toBe(1)
    await view.stop()
  })

  test('loses nothing when the API server is restarted', async () => {
    const view = mirror(client, ServiceRoute, { namespace })
    await waitFor(() => view.names().includes('a'), { what: 'the state' })
    // The first server after the restart knows nothing of before this write, which the watch does not see.
    await create(client, configMap(namespace, 'other'))
    await plane.kill('apiserver')
    await plane.restart('apiserver')
    // Straight after, while the watch still waits to come back.
    await Promise.all(Array.from({ length: 20 }, (_, i) => create(client, route(`after-${i}`))))
    await remove(client, refTo('d'))
    await apply(client, route('a', 'again'), { force: true })
    const truth = (await list(client, ServiceRoute, { namespace })).items
    const text = (objects: Iterable<KubeObject>) =>
      JSON.stringify(
        [...objects].map(object => [object.metadata.name, object.metadata.resourceVersion]).sort(),
      )
    await waitFor(() => text(view.known.values()) === text(truth), {
      what: 'the same state',
      timeoutMs: 30_000,
    })
    expect(truth.length).toBeGreaterThan(20)
    const causes = view.restarts.map(restart => restart.cause)
    expect(causes[0]).toBe('failed')
    expect(causes).toContain('expired')
    await view.stop()
  }, 60_000)

  describe('when etcd has forgotten', () => {
    const etcd = (): string => {
      const command = readFileSync(`/proc/${plane.pid('apiserver')}/cmdline`, 'utf8')
      const url = /--etcd-servers=(\S+?)\0/.exec(command)?.[1]
      if (url === undefined) throw new Error(`no etcd in ${command}`)
      return url
    }
    const compact = async (): Promise<void> => {
      const post = async (path: string, body: object) => {
        const response = await fetch(`${etcd()}${path}`, { method: 'POST', body: JSON.stringify(body) })
        if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
        return (await response.json()) as { header: { revision: string } }
      }
      const { header } = await post('/v3/kv/range', { key: btoa('x') })
      await post('/v3/kv/compaction', { revision: header.revision, physical: true })
    }

    test.skipIf(process.platform !== 'linux')(
      'a list that was under way begins anew',
      async () => {
        for (const name of ['x', 'y', 'z']) await create(client, configMap(namespace, name))
        let pages = 0
        const slow: KubeClient = {
          ...client,
          json: async <T>(request: Parameters<KubeClient['json']>[0]): Promise<T> => {
            if (++pages === 2) {
              await create(client, configMap(namespace, 'w'))
              await compact()
              // Its cache knows no older states after a start.
              await plane.restart('apiserver')
            }
            return client.json<T>(request)
          },
        }
        const { items } = await list(slow, ConfigMap, { namespace, pageSize: 1 })
        const names = items.map(item => item.metadata.name).filter(name => name.length === 1)
        expect(names).toEqual(['w', 'x', 'y', 'z'])
      },
      60_000,
    )
  })
})
