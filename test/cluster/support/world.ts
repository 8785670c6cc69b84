import { type KubeObject, keyOf, refOf } from '../../../src/api/object.ts'
import { route } from '../../engine/build.ts'
import type { Manifest } from '../../lab/client.ts'
import type { ControlPlane } from '../../lab/cluster.ts'
import { waitFor } from '../../lab/wait.ts'
import { inBatches } from './plane.ts'
import { routeRef } from './refs.ts'

/**
 * Writes objects as the engine's tables have them. Those with an earlier creationTimestamp come first, and a second
 * later the next: the API server counts age in whole seconds.
 */
export const put = async (plane: ControlPlane, objects: readonly KubeObject[]): Promise<void> => {
  const ages = Object.entries(Object.groupBy(objects, ({ metadata }) => metadata.creationTimestamp ?? '9'))
  ages.sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [index, [, group = []]] of ages.entries()) {
    if (index > 0) await nextSecond()
    await plane.applyManifests(group.map(realized))
  }
}

/** Writes `after`, and removes what is in `before` and no longer in `after`. */
export const turn = async (
  plane: ControlPlane,
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): Promise<void> => {
  const kept = new Set(after.map(keyOf))
  for (const object of before) if (!kept.has(keyOf(object))) await plane.remove(refOf(object))
  await put(plane, after)
}

const nextSecond = async (): Promise<void> => {
  const second = () => Math.floor(Date.now() / 1000)
  const now = second()
  await waitFor(() => second() > now, { what: 'the next second', timeoutMs: 2000 })
}

/** What the API server wants beside, and without what only it may say. */
const realized = (object: KubeObject): Manifest => {
  const { creationTimestamp: _, ...metadata } = object.metadata
  if (object.kind !== 'Service') return { ...object, metadata }
  return { ...object, metadata, spec: { ports: [{ port: 443 }], ...(object.spec as object) } }
}

/** `count` ServiceRoutes in a namespace: `r0`, `r1` … */
export const putRoutes = async (plane: ControlPlane, count: number, namespace = 'app'): Promise<void> => {
  const names = Array.from({ length: count }, (_, index) => `r${index}`)
  const url = plane.url + (await plane.pathOf(routeRef(namespace, ''), 'collection'))
  // Thousands of handshakes would take longer than all else.
  const session = new Bun.FetchSession({
    tls: { ca: plane.ca, cert: plane.admin.cert, key: plane.admin.key },
    proxy: false,
  })
  await inBatches(names, async name => {
    const response = await session.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(route(namespace, name)),
    })
    if (response.status !== 201) throw new Error(`POST ${url}: ${response.status} ${await response.text()}`)
    await response.bytes()
  })
  session.close()
}
