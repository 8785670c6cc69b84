import { DNSEndpoint, IstioGateway, RegionFailover, routerKinds } from '../../../src/api/kinds.ts'
import { label, reclaimAnnotation } from '../../../src/api/labels.ts'
import { type KubeObject, type ResourceRef, refOf } from '../../../src/api/object.ts'
import { edit } from '../../cluster/support/edit.ts'
import { refusingNameServer } from '../../cluster/support/name-server.ts'
import { inBatches, listAll } from '../../cluster/support/plane.ts'
import {
  configurationRef,
  endpointRef,
  failoverRef,
  gatewayRef,
  identityRef,
  istioRef,
  policyRef,
  routeRef,
} from '../../cluster/support/refs.ts'
import { put } from '../../cluster/support/world.ts'
import {
  configuration,
  controllers,
  gateway,
  identity,
  platform,
  policy,
  route,
  service,
} from '../../engine/build.ts'
import type { ControlPlane } from '../../lab/cluster.ts'
import { home } from './plane.ts'

/**
 * Routes `api` and `web`, each at a Gateway of its own, in a cluster that may stand in for another. Of its zones
 * nothing is known.
 */
export const world = async (): Promise<KubeObject[]> => [
  ...platform().filter(({ kind }) => kind !== 'DNSConfiguration'),
  configuration({
    externalDNSControllers: await Promise.all(
      controllers('weu', 'neu').map(async each => ({ ...each, nameservers: [await refusingNameServer()] })),
    ),
  }),
  regionFailover(false),
  gateway('external'),
  service('external', [{ ip: '10.0.0.2' }]),
  route('app', 'api'),
  route('app', 'web', { gatewayName: 'external' }),
]

const regionFailover = (engage: boolean): KubeObject => ({
  apiVersion: `${RegionFailover.group}/${RegionFailover.version}`,
  kind: RegionFailover.kind,
  metadata: { name: failoverRef.name },
  spec: { region: 'neu', cluster: 'aks01', engage },
})

/** The cluster stands in for the other: claims, which the RegionFailover owns. Back with `world`. */
export const standIn = (plane: ControlPlane): Promise<void> => put(plane, [regionFailover(true)])

/** It ends a claim on itself, as "srouter failover reclaim" does: a claim that the ClusterIdentity owns. */
export const reclaim = (plane: ControlPlane): Promise<void> =>
  put(plane, [identity({}, { annotations: { [reclaimAnnotation]: '1' } })])

/** As if it had never stood in for another. */
export const forgetFailover = async (plane: ControlPlane): Promise<void> => {
  const endpoints = await listAll(plane, DNSEndpoint)
  const failovers = await listAll(plane, RegionFailover)
  await inBatches(
    endpoints.filter(({ metadata }) => metadata.labels?.[label.regionFailover] !== undefined),
    async object => {
      await plane.remove(refOf(object))
    },
  )
  for (const failover of failovers) {
    await edit(plane, refOf(failover), { metadata: { finalizers: null } })
    await plane.remove(refOf(failover))
  }
}

/** The finalizers of the RegionFailover. */
export const finalizers = async (plane: ControlPlane): Promise<readonly string[]> =>
  (await plane.read<KubeObject>(failoverRef))?.metadata.finalizers ?? []

/** The Lease of srouter. */
export const lease = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: home,
  name: 'srouter',
} as const

/** Nothing of it is left, nor of what follows from it. */
export const clearScene = async (plane: ControlPlane): Promise<void> => {
  await forgetFailover(plane)
  const kinds = [...routerKinds, DNSEndpoint, IstioGateway]
  const objects = (await Promise.all(kinds.map(kind => listAll(plane, kind)))).flat()
  await inBatches(objects, async object => {
    await plane.remove(refOf(object))
  })
  await plane.remove(lease)
}

/** What srouter makes of it, as far as a test looks at it. */
export const made = {
  cname: endpointRef('app', 'api-external-dns-weu'),
  address: endpointRef('ingress', 'gateway-controller-igw-external-external-external-dns-weu'),
  istio: istioRef('istio-system', 'external'),
  claim: endpointRef('ingress', 'srouter-claim-aks01-neu-external-dns-weu'),
  reclaim: endpointRef('ingress', 'srouter-claim-aks01-weu-external-dns-weu'),
} as const

/** What has a status. */
export const judged: Readonly<Record<string, ResourceRef>> = {
  clusteridentities: identityRef,
  dnsconfigurations: configurationRef,
  regionfailovers: failoverRef,
  gateways: gatewayRef('istio-system', 'internal'),
  dnspolicies: policyRef('app', 'dns-policy'),
  serviceroutes: routeRef('app', 'api'),
}

/** Somebody changes what srouter has written. */
export const spoil = (plane: ControlPlane, ref: ResourceRef): Promise<void> =>
  edit(
    plane,
    ref,
    ref.kind === 'DNSEndpoint' ? { spec: { endpoints: [] } } : { spec: { selector: { istio: 'x' } } },
  )

export const isSpoilt = async (plane: ControlPlane, ref: ResourceRef): Promise<boolean> => {
  const { spec } = (await plane.read<{ spec: { endpoints?: []; selector?: { istio?: string } } }>(ref)) ?? {}
  return spec?.endpoints?.length === 0 || spec?.selector?.istio === 'x'
}

/** The region that the policy of `app` follows is another one: its records go. Back with `world`. */
export const turnAway = (plane: ControlPlane): Promise<void> =>
  put(plane, [policy('app', { sourceRegion: 'neu' })])

/** The route `web` moves to the other Gateway, and its own has no routes: its Istio Gateway goes. */
export const moveAway = (plane: ControlPlane): Promise<void> => put(plane, [route('app', 'web')])

/** The route `api` names a Gateway that there is not, or a real one again. */
export const misdirect = (plane: ControlPlane, gatewayName = 'nowhere'): Promise<void> =>
  put(plane, [route('app', 'api', { gatewayName })])

/** The reason of the condition Ready of route `api`. */
export const verdict = async (plane: ControlPlane): Promise<string | undefined> => {
  const { status } = (await plane.read<{ status?: Status }>(routeRef('app', 'api'))) ?? {}
  return status?.conditions?.find(({ type }) => type === 'Ready')?.reason
}

interface Status {
  readonly conditions?: readonly { readonly type: string; readonly reason: string }[]
}

/** The Lease by which the earlier operator shows that it runs. */
export const earlierOperator = (): KubeObject => {
  const now = new Date().toISOString().replace('Z', '000Z')
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace: 'other', name: '3afd9a04.router.io' },
    spec: { holderIdentity: 'earlier', leaseDurationSeconds: 15, renewTime: now },
  }
}
