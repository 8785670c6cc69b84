import { claimTarget, clusterNameOf, ownName } from '../../api/claims.ts'
import type { ClusterIdentitySpec } from '../../api/cluster-identity.ts'
import type { ExternalDNSController } from '../../api/dns-configuration.ts'
import { defaultTTL } from '../../api/dns-configuration.ts'
import { controllerLabels, endpointAnnotations } from '../../api/endpoint-metadata.ts'
import { apiVersionOf, DNSEndpoint } from '../../api/kinds.ts'
import { gatewayServiceType, label, yieldedAnnotation } from '../../api/labels.ts'
import { distinctObjectName, labelValue, objectName, targetName } from '../../api/names.ts'
import type { AddressSet } from '../addresses.ts'
import { sourceOf } from '../change.ts'
import { type Current, endpointsOf, gatewayOwner, gatewayOwnerKey } from '../current.ts'
import type { Evaluation } from '../evaluate.ts'
import { identityConflict, isUnasked } from '../failover/identity.ts'
import { mirrored } from '../failover/mirror.ts'
import type { GatewayPair } from '../gateway-pairs.ts'
import { byAge } from '../resource.ts'
import type { World } from '../world.ts'
import { ownedBy } from './metadata.ts'
import { allotNames, type WantedEndpoint } from './wanted.ts'

interface Candidate extends GatewayPair {
  readonly controller: ExternalDNSController
  /** Begins the name of the object: `own-` for the addresses for which nobody stands in. */
  readonly prefix: '' | 'own-'
  readonly dnsName: string
}

/**
 * One address DNSEndpoint per pair (gateway controller, targetPostfix), per ExternalDNS controller there is; and where
 * the cluster has part in failover one more of each, for its `own-` name.
 */
export const addressEndpoints = ({ pairs, world }: Evaluation): readonly WantedEndpoint[] => {
  if (world.identity.state !== 'one' || world.configuration.state !== 'one') return []
  const defaultSeconds = (world.configuration.spec.ttl ?? defaultTTL).gateway
  const candidates = candidatesOf(pairs, world.identity.spec, world)
  const keys = allotNames(candidates, wishedName, distinctName, (a, b) => byAge(a.gateway, b.gateway))
  const annotations = yieldedAnnotations(world)
  return candidates.flatMap((candidate, index) => {
    const { gateway, spec, controller, owner, dnsName } = candidate
    const sets = publishedSets(candidate, world)
    if (sets.length === 0) return []
    const key = keys[index] ?? ''
    const ownerReferences = ownedBy(owner)
    return {
      key,
      writer: { controller: controller.name, zone: controller.region },
      source: sourceOf(gateway.object),
      object: {
        apiVersion: apiVersionOf(DNSEndpoint),
        kind: DNSEndpoint.kind,
        metadata: {
          name: key.slice(key.indexOf('/') + 1),
          namespace: owner.metadata.namespace ?? '',
          labels: {
            ...controllerLabels(controller),
            [label.istioController]: labelValue(spec.controller),
            [label.targetPostfix]: labelValue(spec.targetPostfix),
            [label.resourceType]: gatewayServiceType,
          },
          annotations: {
            ...endpointAnnotations(controller.region),
            ...(candidate.prefix === '' ? annotations : {}),
          },
          ...(ownerReferences.length === 0 ? {} : { ownerReferences }),
        },
        spec: {
          endpoints: sets.map(set => ({
            dnsName,
            recordType: set.type,
            recordTTL: spec.ttl ?? defaultSeconds,
            targets: set.targets,
          })),
        },
      },
    }
  })
}

const candidatesOf = (
  pairs: readonly GatewayPair[],
  identity: ClusterIdentitySpec,
  world: World,
): readonly Candidate[] =>
  pairs.flatMap(pair => {
    const { targetPostfix } = pair.spec
    const names = [
      { prefix: '', dnsName: targetName(identity, targetPostfix) } as const,
      ...(world.takesPart
        ? [
            {
              prefix: 'own-',
              dnsName: ownName(clusterNameOf(identity), targetPostfix, identity.domain),
            } as const,
          ]
        : []),
    ]
    return names.flatMap(name => world.controllers.map(controller => ({ ...pair, ...name, controller })))
  })

/**
 * What stands under a gateway's name.
 *
 * | the cluster                   | its gateway's name            | its `own-` name |
 * | ----------------------------- | ----------------------------- | --------------- |
 * | has not yielded               | its addresses                 | its addresses   |
 * | has yielded                   | the holder's `own-` addresses | its addresses   |
 * | has, to one without it        | its addresses                 | its addresses   |
 * | cannot read them, or a claim  | what is there                 | its addresses   |
 * | has another cluster's name    | nothing                       | nothing         |
 */
const publishedSets = (candidate: Candidate, world: World): readonly AddressSet[] => {
  const { home } = world
  if (identityConflict(candidate, world) !== undefined) return []
  if (candidate.prefix === '' && isUnasked(candidate.dnsName, world)) return []
  if (candidate.prefix === 'own-' || home.state === 'alone' || home.state === 'free') return candidate.sets
  const mirror = home.state === 'yielded' ? mirrored(candidate.spec, world) : undefined
  if (mirror === undefined) return presentSets(candidate, world.current)
  return mirror.length === 0 ? candidate.sets : mirror
}

/** The record sets of this name that an object of ours has for this controller. */
const presentSets = ({ spec, controller, dnsName }: Candidate, current: Current): readonly AddressSet[] => {
  const pair = gatewayOwnerKey(spec.controller, spec.targetPostfix)
  const instance = labelValue(controller.name)
  for (const object of current.dnsEndpoints.ours.values()) {
    if (gatewayOwner(object) !== pair) continue
    const labels = object.metadata.labels
    // The earlier operator's have no label for their instance, but their name ends in it.
    const isFor =
      (labels?.[label.controller] ?? labels?.[label.app]) === instance ||
      object.metadata.name.endsWith(`-${controller.name}`)
    const sets = endpointsOf(object).filter(endpoint => endpoint.dnsName === dnsName)
    if (isFor && sets.length > 0)
      return sets.flatMap(({ recordType: type, targets }) =>
        type === 'A' || type === 'AAAA' || type === 'CNAME' ? [{ type, targets }] : [],
      )
  }
  return []
}

/** Always there where somebody may stand in, and empty where nobody does: an annotation is not taken away by applying. */
const yieldedAnnotations = ({ home, identity }: World): Readonly<Record<string, string>> => {
  if (home.state === 'alone' || home.state === 'unsure' || identity.state !== 'one') return {}
  return {
    [yieldedAnnotation]:
      home.state === 'yielded'
        ? claimTarget({ state: 'held', epoch: home.epoch, holder: home.holder }, identity.spec.domain)
        : '',
  }
}

const fullName = ({ spec, controller, prefix }: Candidate): string =>
  `${prefix}gateway-controller-${spec.controller}-${spec.targetPostfix}-${controller.name}`

const wishedName = (candidate: Candidate): string =>
  `${candidate.owner.metadata.namespace ?? ''}/${objectName(fullName(candidate))}`

const distinctName = (candidate: Candidate): string => {
  const { spec, controller, owner, prefix } = candidate
  const identity = `${prefix}${spec.controller}/${spec.targetPostfix}/${controller.name}`
  return `${owner.metadata.namespace ?? ''}/${distinctObjectName(fullName(candidate), identity)}`
}
