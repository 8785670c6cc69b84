import { type Claim, claimName, claimTarget, clusterNameOf } from '../../api/claims.ts'
import { defaultTTL, type ExternalDNSController } from '../../api/dns-configuration.ts'
import { controllerLabels, endpointAnnotations } from '../../api/endpoint-metadata.ts'
import { apiVersionOf, DNSEndpoint } from '../../api/kinds.ts'
import { claimedAtAnnotation, gatewayServiceType, label } from '../../api/labels.ts'
import { labelValue, objectName, targetName } from '../../api/names.ts'
import type { KubeObject } from '../../api/object.ts'
import { sourceOf } from '../change.ts'
import type { Evaluation } from '../evaluate.ts'
import { claimTTL } from '../failover/claims.ts'
import { missingPostfixes } from '../failover/postfixes.ts'
import { reclaim } from '../failover/reclaim.ts'
import type { StandIn } from '../failover/stand-in.ts'
import type { GatewayPair } from '../gateway-pairs.ts'
import type { World } from '../world.ts'
import { ownedBy } from './metadata.ts'
import type { WantedEndpoint } from './wanted.ts'

/** Claims in every zone, and stand-in records in those where the claim is known. */
export const failoverEndpoints = (evaluation: Evaluation): readonly WantedEndpoint[] => {
  const { world, pairs, standIns } = evaluation
  if (world.identity.state !== 'one' || world.configuration.state !== 'one') return []
  const ended = reclaim(world)
  return [
    ...(ended === undefined || world.identity.state !== 'one'
      ? []
      : claimEndpoints(
          { peer: clusterNameOf(world.identity.spec), claim: ended, source: world.identity.resource.object },
          pairs,
          world,
        )),
    ...standIns.flatMap(standIn => [
      ...(standIn.claim === undefined
        ? []
        : claimEndpoints(
            { peer: standIn.peer, claim: standIn.claim, source: standIn.resource.object },
            pairs,
            world,
          )),
      ...standInEndpoints(standIn, pairs, world),
    ]),
  ]
}

interface Claiming {
  readonly peer: string
  readonly claim: Claim & { readonly at: string }
  readonly source: KubeObject
}

const claimEndpoints = (
  { peer, claim, source }: Claiming,
  pairs: readonly GatewayPair[],
  world: World,
): readonly WantedEndpoint[] => {
  const { identity, controllers } = world
  if (identity.state !== 'one') return []
  const namespace = claimNamespace(peer, pairs, world)
  return controllers.map(controller =>
    endpoint({
      name: `srouter-claim-${peer}-${controller.name}`,
      namespace,
      controller,
      source,
      labels: { [label.regionFailover]: peer },
      annotations: { [claimedAtAnnotation]: claim.at },
      endpoints: [
        {
          dnsName: claimName(peer, identity.spec.domain),
          recordType: 'CNAME',
          recordTTL: claimTTL,
          targets: [claimTarget(claim, identity.spec.domain)],
        },
      ],
    }),
  )
}

/** Where the first gateway's addresses are, because ExternalDNS reads that namespace; and where the claim is already. */
const claimNamespace = (
  peer: string,
  pairs: readonly GatewayPair[],
  { current, settings }: World,
): string => {
  for (const { metadata } of current.dnsEndpoints.ours.values())
    if (metadata.labels?.[label.regionFailover] === peer && metadata.name.startsWith('srouter-claim-'))
      return metadata.namespace ?? ''
  const [first] = pairs.map(({ owner }) => owner.metadata.namespace ?? '').sort()
  return first ?? settings.defaultGatewayNamespace
}

const standInEndpoints = (
  standIn: StandIn,
  pairs: readonly GatewayPair[],
  world: World,
): readonly WantedEndpoint[] => {
  const { identity, configuration, controllers } = world
  const { spec, object } = standIn.resource
  if (identity.state !== 'one' || configuration.state !== 'one' || spec === undefined) return []
  const open = new Set(standIn.zones.filter(({ isOpen }) => isOpen).map(({ zone }) => zone))
  const missing = new Set(missingPostfixes(standIn, pairs, world))
  const seconds = (configuration.spec.ttl ?? defaultTTL).gateway
  return pairs
    .filter(pair => !missing.has(pair.spec.targetPostfix))
    .flatMap(pair =>
      controllers
        .filter(({ region }) => open.has(region))
        .map(controller =>
          endpoint({
            name: `stand-in-${standIn.peer}-${pair.spec.controller}-${pair.spec.targetPostfix}-${controller.name}`,
            namespace: pair.owner.metadata.namespace ?? '',
            controller,
            source: object,
            labels: {
              [label.regionFailover]: standIn.peer,
              [label.istioController]: labelValue(pair.spec.controller),
              [label.targetPostfix]: labelValue(pair.spec.targetPostfix),
            },
            annotations: {},
            endpoints: pair.sets.map(set => ({
              dnsName: targetName({ ...spec, domain: identity.spec.domain }, pair.spec.targetPostfix),
              recordType: set.type,
              recordTTL: pair.spec.ttl ?? seconds,
              targets: set.targets,
            })),
          }),
        ),
    )
}

interface Parts {
  readonly name: string
  readonly namespace: string
  readonly controller: ExternalDNSController
  readonly source: KubeObject
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly endpoints: readonly object[]
}

const endpoint = ({ namespace, controller, source, ...parts }: Parts): WantedEndpoint => {
  const name = objectName(parts.name)
  const ownerReferences = ownedBy(source)
  return {
    key: `${namespace}/${name}`,
    writer: { controller: controller.name, zone: controller.region },
    source: sourceOf(source),
    object: {
      apiVersion: apiVersionOf(DNSEndpoint),
      kind: DNSEndpoint.kind,
      metadata: {
        name,
        namespace,
        labels: {
          ...controllerLabels(controller),
          ...parts.labels,
          [label.resourceType]: gatewayServiceType,
        },
        annotations: { ...endpointAnnotations(controller.region), ...parts.annotations },
        ...(ownerReferences.length === 0 ? {} : { ownerReferences }),
      },
      spec: { endpoints: parts.endpoints },
    },
  }
}
