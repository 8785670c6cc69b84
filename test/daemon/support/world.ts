import { isDeepStrictEqual } from 'node:util'
import type { DNSConfigurationSpec } from '../../../src/api/dns-configuration.ts'
import { DNSConfiguration, DNSEndpoint, routerKinds, Service } from '../../../src/api/kinds.ts'
import { type KubeObject, keyOf, type ResourceRef, refOf } from '../../../src/api/object.ts'
import { edit } from '../../cluster/support/edit.ts'
import { listAll } from '../../cluster/support/plane.ts'
import type { Manifest } from '../../lab/client.ts'
import type { ControlPlane } from '../../lab/cluster.ts'

/** What a test writes as a user would, and how it all comes back to what it was. */

/** Creates an object, or makes it exactly so. */
export const set = async (plane: ControlPlane, object: KubeObject): Promise<void> => {
  const wanted = realized(object)
  const ref = refOf(wanted)
  for (;;) {
    const present = await plane.read(ref)
    const reply =
      present === undefined
        ? await plane.request('POST', await plane.pathOf(ref, 'collection'), wanted)
        : await plane.request('PUT', await plane.pathOf(ref), replacing(present, wanted))
    // Somebody else was faster: the daemon has written its status.
    if (reply.status === 409) continue
    if (reply.status >= 300)
      throw new Error(`${keyOf(object)}: ${reply.status} ${JSON.stringify(reply.body)}`)
    break
  }
  if (object.kind === Service.kind) await address(plane, ref, object.status)
}

/** The status of a load balancer, as a cloud writes it. */
export const address = (plane: ControlPlane, ref: ResourceRef, status: unknown): Promise<void> =>
  edit(plane, ref, { status: { loadBalancer: { ingress: ingressOf(status) ?? null } } }, '/status')

const ingressOf = (status: unknown): unknown =>
  (status as { loadBalancer?: { ingress?: unknown } } | undefined)?.loadBalancer?.ingress

const realized = (object: KubeObject): Manifest => {
  const { creationTimestamp: _, ...metadata } = object.metadata
  const { status: __, ...rest } = object
  if (object.kind !== Service.kind) return { ...rest, metadata }
  return { ...rest, metadata, spec: { ports: [{ port: 443 }], ...(object.spec as object) } }
}

const replacing = (present: KubeObject, wanted: KubeObject): KubeObject => ({
  ...present,
  ...(wanted.spec === undefined
    ? {}
    : {
        spec:
          present.kind === Service.kind
            ? { ...(present.spec as object), ...(wanted.spec as object) }
            : wanted.spec,
      }),
  metadata: {
    ...present.metadata,
    labels: { ...wanted.metadata.labels, ...kept(present) },
    annotations: wanted.metadata.annotations ?? {},
  },
})

/** The API server's own label on a Namespace. */
const kept = ({ kind, metadata }: KubeObject): Readonly<Record<string, string>> =>
  kind === 'Namespace' ? { 'kubernetes.io/metadata.name': metadata.name } : {}

/** Every input that there is, except Kubernetes' own. */
export const inputs = async (plane: ControlPlane): Promise<readonly KubeObject[]> => {
  const all = (await Promise.all([...routerKinds, Service].map(kind => listAll(plane, kind)))).flat()
  return all.filter(({ metadata }) => metadata.namespace !== 'default')
}

/** Makes the inputs exactly these. What belongs to controllers that are none of them goes too: the brake would hold it. */
export const become = async (plane: ControlPlane, wanted: readonly KubeObject[]): Promise<void> => {
  await turn(plane, wanted)
  const regions = new Map(
    wanted.flatMap(({ kind, spec }) =>
      kind === DNSConfiguration.kind
        ? (spec as DNSConfigurationSpec).externalDNSControllers.map(({ name, region }) => [name, region])
        : [],
    ),
  )
  for (const endpoint of await listAll(plane, DNSEndpoint)) {
    const { labels = {} } = endpoint.metadata
    const region = regions.get(labels['router.io/controller'] ?? '')
    if (region === undefined || region !== labels['router.io/region']) await plane.remove(refOf(endpoint))
  }
}

/** Makes the inputs exactly these. */
export const turn = async (plane: ControlPlane, wanted: readonly KubeObject[]): Promise<void> => {
  const present = new Map((await inputs(plane)).map(object => [keyOf(object), object]))
  const keys = new Set(wanted.map(keyOf))
  for (const [key, object] of present) if (!keys.has(key)) await plane.remove(refOf(object))
  for (const object of wanted) {
    const before = present.get(keyOf(object))
    if (before === undefined || !isSame(before, realized(object), object.status)) await set(plane, object)
  }
}

const isSame = (present: KubeObject, wanted: KubeObject, status: unknown): boolean =>
  (present.kind === Service.kind
    ? isDeepStrictEqual(ingressOf(present.status), ingressOf(status))
    : isDeepStrictEqual(present.spec, wanted.spec)) &&
  isDeepStrictEqual(present.metadata.labels ?? {}, wanted.metadata.labels ?? {}) &&
  isDeepStrictEqual(present.metadata.annotations ?? {}, wanted.metadata.annotations ?? {})
