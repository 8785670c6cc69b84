import type { ExternalDNSController } from '../../api/dns-configuration.ts'
import { defaultTTL } from '../../api/dns-configuration.ts'
import type { GatewaySpec } from '../../api/gateway.ts'
import { apiVersionOf, DNSEndpoint } from '../../api/kinds.ts'
import { gatewayServiceType, label } from '../../api/labels.ts'
import { distinctObjectName, labelValue, objectName, targetName } from '../../api/names.ts'
import type { KubeObject } from '../../api/object.ts'
import { type AddressSet, addressesOf } from '../addresses.ts'
import { sourceOf } from '../change.ts'
import type { Evaluation } from '../evaluate.ts'
import { byAge, type Resource } from '../resource.ts'
import { controllerLabels, endpointAnnotations, ownedBy } from './metadata.ts'
import { allotNames, type WantedEndpoint } from './wanted.ts'

interface Candidate {
  /** The oldest Gateway of the pair: its ttl and addresses count. */
  readonly gateway: Resource<GatewaySpec>
  readonly spec: GatewaySpec
  readonly controller: ExternalDNSController
  readonly sets: readonly AddressSet[]
  /** The load balancer's Service, or the Gateway where that names the addresses. */
  readonly owner: KubeObject
}

/** One address DNSEndpoint per pair (gateway controller, targetPostfix), per ExternalDNS controller there is. */
export const addressEndpoints = (evaluation: Evaluation): readonly WantedEndpoint[] => {
  const { world } = evaluation
  if (world.identity.state !== 'one' || world.configuration.state !== 'one') return []
  const identity = world.identity.spec
  const defaultSeconds = (world.configuration.spec.ttl ?? defaultTTL).gateway
  const candidates = pairs(evaluation)
  const keys = allotNames(candidates, wishedName, distinctName, (a, b) => byAge(a.gateway, b.gateway))
  return candidates.map(({ gateway, spec, controller, sets, owner }, index) => {
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
          annotations: endpointAnnotations(controller.region),
          ...(ownerReferences.length === 0 ? {} : { ownerReferences }),
        },
        spec: {
          endpoints: sets.map(set => ({
            dnsName: targetName(identity, spec.targetPostfix),
            recordType: set.type,
            recordTTL: spec.ttl ?? defaultSeconds,
            targets: set.targets,
          })),
        },
      },
    }
  })
}

const pairs = ({ gateways, world }: Evaluation): readonly Candidate[] => {
  const seen = new Set<string>()
  return gateways.flatMap(({ resource, trouble }) => {
    const spec = resource.spec
    if (spec === undefined || trouble !== undefined || seen.has(spec.targetPostfix)) return []
    seen.add(spec.targetPostfix)
    const addresses = addressesOf(spec, world)
    if (addresses.state === 'none') return []
    const owner = addresses.service ?? resource.object
    return world.controllers.map(controller => ({
      gateway: resource,
      spec,
      controller,
      sets: addresses.sets,
      owner,
    }))
  })
}

const fullName = ({ spec, controller }: Candidate): string =>
  `gateway-controller-${spec.controller}-${spec.targetPostfix}-${controller.name}`

const wishedName = (candidate: Candidate): string =>
  `${candidate.owner.metadata.namespace ?? ''}/${objectName(fullName(candidate))}`

const distinctName = (candidate: Candidate): string => {
  const { spec, controller, owner } = candidate
  const identity = `${spec.controller}/${spec.targetPostfix}/${controller.name}`
  return `${owner.metadata.namespace ?? ''}/${distinctObjectName(fullName(candidate), identity)}`
}
