import { routerKinds } from '../../../src/api/kinds.ts'
import { type KubeObject, keyOf } from '../../../src/api/object.ts'
import type { ControlPlane } from '../../lab/cluster.ts'
import { derivedKinds, listAll } from './plane.ts'

/** The resourceVersion of every object that srouter may write to: none moves when nothing is written. */
export const versions = async (
  plane: ControlPlane,
): Promise<Readonly<Record<string, string | undefined>>> => {
  const objects = await Promise.all([...routerKinds, ...derivedKinds].map(kind => listAll(plane, kind)))
  return Object.fromEntries(objects.flat().map(object => [keyOf(object), object.metadata.resourceVersion]))
}

/** The DNSEndpoints and Istio Gateways by key. */
export const derived = async (plane: ControlPlane): Promise<ReadonlyMap<string, KubeObject>> => {
  const objects = await Promise.all(derivedKinds.map(kind => listAll(plane, kind)))
  return new Map(objects.flat().map(object => [keyOf(object), object]))
}

/** What srouter made, without what differs between two runs that come to the same end: uids, versions and times. */
export const made = async (plane: ControlPlane): Promise<Readonly<Record<string, unknown>>> => {
  const written = [...(await derived(plane))].map(([key, { metadata, spec }]) => [
    key,
    {
      labels: metadata.labels,
      annotations: metadata.annotations,
      owners: metadata.ownerReferences?.map(({ kind, name }) => `${kind} ${name}`),
      spec,
    },
  ])
  const resources = (await Promise.all(routerKinds.map(kind => listAll(plane, kind)))).flat()
  const statuses = resources.map(object => [keyOf(object), timeless(object.status)])
  return Object.fromEntries([...written, ...statuses].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
}

const timeless = (status: unknown): unknown =>
  JSON.parse(JSON.stringify(status ?? null), (key, value) =>
    key === 'lastTransitionTime' ? 'a time' : value,
  )

export interface StatusOf {
  readonly phase?: string
  readonly observedGeneration?: number
  readonly conditions?: readonly ConditionOf[]
}

export interface ConditionOf {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
  readonly lastTransitionTime: string
  readonly observedGeneration?: number
}

/** `True ReconciliationSucceeded`, or undefined where there is no such condition. */
export const conditionOf = (object: KubeObject | undefined, type: string): string | undefined => {
  const found = (object?.status as StatusOf | undefined)?.conditions?.find(
    condition => condition.type === type,
  )
  return found === undefined ? undefined : `${found.status} ${found.reason}`
}
