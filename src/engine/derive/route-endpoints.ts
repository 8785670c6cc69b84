import type { ExternalDNSController } from '../../api/dns-configuration.ts'
import { defaultTTL } from '../../api/dns-configuration.ts'
import { apiVersionOf, DNSEndpoint } from '../../api/kinds.ts'
import { label } from '../../api/labels.ts'
import { distinctObjectName, labelValue, objectName } from '../../api/names.ts'
import type { OwnerReference } from '../../api/object.ts'
import type { Evaluation, JudgedRoute } from '../evaluate.ts'
import { byAge } from '../resource.ts'
import { addressEndpoints } from './address-endpoints.ts'
import { controllerLabels, endpointAnnotations, ownedBy } from './metadata.ts'
import { allotNames, type WantedEndpoint } from './wanted.ts'

interface Candidate {
  readonly route: JudgedRoute
  readonly controller: ExternalDNSController
}

const apiVersion = apiVersionOf(DNSEndpoint)

/** One CNAME DNSEndpoint per route that may have records, per controller of its policy. */
export const routeEndpoints = (evaluation: Evaluation): readonly WantedEndpoint[] => {
  const { routes, world } = evaluation
  const candidates: Candidate[] = []
  for (const route of routes) {
    const { policy } = route.facts
    if (route.trouble !== undefined || policy.state !== 'active') continue
    for (const controller of policy.controllers) candidates.push({ route, controller })
  }
  const older = (a: Candidate, b: Candidate): number => byAge(a.route.resource, b.route.resource)
  // A route in the namespace of a load balancer may ask for the name of an address object.
  const taken = new Set(addressEndpoints(evaluation).map(({ key }) => key))
  const names = allotNames(candidates, wishedName, distinctName, older, taken)
  const ttl =
    world.configuration.state === 'one' ? (world.configuration.spec.ttl ?? defaultTTL).route : undefined
  const parts = new Map(
    world.controllers.map(controller => [
      controller.name,
      { labels: controllerLabels(controller), annotations: endpointAnnotations(controller.region) },
    ]),
  )
  const references = new Map<JudgedRoute, readonly OwnerReference[]>()
  const wanted: WantedEndpoint[] = []
  for (const { candidate, key } of names) {
    const { route, controller } = candidate
    const { resource, facts } = route
    const { host, target } = facts
    const part = parts.get(controller.name)
    if (host === undefined || target === undefined || part === undefined) continue
    let owner = references.get(route)
    if (owner === undefined) {
      owner = ownedBy(resource.object)
      references.set(route, owner)
    }
    wanted.push({
      key,
      controller: controller.name,
      zone: controller.region,
      source: resource,
      object: {
        apiVersion,
        kind: DNSEndpoint.kind,
        metadata: {
          name: key.slice(key.indexOf('/') + 1),
          namespace: resource.namespace,
          labels: {
            ...part.labels,
            [label.serviceRoute]: labelValue(resource.name),
            [label.sourceNamespace]: resource.namespace,
          },
          annotations: part.annotations,
          ...(owner.length === 0 ? {} : { ownerReferences: owner }),
        },
        spec: {
          endpoints: [
            {
              dnsName: host,
              recordType: 'CNAME',
              ...(ttl === undefined ? {} : { recordTTL: ttl }),
              targets: [target],
            },
          ],
        },
      },
    })
  }
  return wanted
}

const wishedName = ({ route: { resource }, controller }: Candidate): string =>
  `${resource.namespace}/${objectName(`${resource.name}-${controller.name}`)}`

const distinctName = ({ route: { resource }, controller }: Candidate): string =>
  `${resource.namespace}/${distinctObjectName(`${resource.name}-${controller.name}`, `${resource.name}/${controller.name}`)}`
