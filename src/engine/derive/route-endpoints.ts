import { defaultTTL, type ExternalDNSController } from '../../api/dns-configuration.ts'
import { controllerLabels, endpointAnnotations } from '../../api/endpoint-metadata.ts'
import type { DNSEndpointSpec } from '../../api/foreign.ts'
import { apiVersionOf, DNSEndpoint } from '../../api/kinds.ts'
import { label } from '../../api/labels.ts'
import { distinctObjectName, labelValue, objectName } from '../../api/names.ts'
import type { OwnerReference } from '../../api/object.ts'
import { type KnownSource, sourceOf } from '../change.ts'
import { routeOwner, routeOwnerKey } from '../current.ts'
import type { Evaluation, JudgedRoute } from '../evaluate.ts'
import { byAge, type Resource } from '../resource.ts'
import { addressEndpoints } from './address-endpoints.ts'
import { ownedBy } from './metadata.ts'
import { allotNames, type WantedEndpoint, type Writer } from './wanted.ts'

type Labels = Readonly<Record<string, string>>

/** What the DNSEndpoints of one route have in common. */
interface OfRoute {
  readonly resource: Resource<unknown>
  readonly source: KnownSource
  readonly labels: Labels
  readonly owner: readonly OwnerReference[]
  readonly spec: DNSEndpointSpec
}

/** What the DNSEndpoints of one controller have in common. */
interface OfController {
  readonly writer: Writer
  readonly labels: Labels
  readonly annotations: Labels
}

interface Candidate {
  readonly route: OfRoute
  readonly controller: OfController
}

const apiVersion = apiVersionOf(DNSEndpoint)

/** One CNAME DNSEndpoint per route that may have records, per controller of its policy; each is made when it is asked for. */
export function* routeEndpoints(evaluation: Evaluation): Generator<WantedEndpoint> {
  const candidates = candidatesOf(evaluation)
  const older = (a: Candidate, b: Candidate): number => byAge(a.route.resource, b.route.resource)
  // A route in the namespace of a load balancer may ask for the name of an address object.
  const taken = new Set([...addressEndpoints(evaluation).map(({ key }) => key), ...keptNames(evaluation)])
  const keys = allotNames(candidates, wishedName, distinctName, older, taken)
  for (const [index, { route, controller }] of candidates.entries()) {
    const key = keys[index] ?? ''
    const { resource, source, owner, spec } = route
    const metadata = {
      name: key.slice(key.indexOf('/') + 1),
      namespace: resource.namespace,
      labels: { ...controller.labels, ...route.labels },
      annotations: controller.annotations,
    }
    yield {
      key,
      writer: controller.writer,
      source,
      object: {
        apiVersion,
        kind: DNSEndpoint.kind,
        metadata: owner.length === 0 ? metadata : { ...metadata, ownerReferences: owner },
        spec,
      },
    }
  }
}

/** What a route in trouble has is kept, and its names are nobody else's; they meet where one controller's ends in another's. */
const keptNames = ({ routes, world }: Evaluation): readonly string[] => {
  const names = world.controllers.map(({ name }) => name)
  if (!names.some(name => names.some(other => name.endsWith(`-${other}`)))) return []
  const keepers = new Set(routes.filter(keepsRecords).map(({ resource }) => routeOwnerKey(resource)))
  if (keepers.size === 0) return []
  return [...world.current.dnsEndpoints.ours].flatMap(([key, object]) =>
    keepers.has(routeOwner(object) ?? '') ? [key] : [],
  )
}

const keepsRecords = ({ trouble }: JudgedRoute): boolean =>
  trouble !== undefined && trouble.effect !== 'inactive' && trouble.code !== 'HostConflict'

const candidatesOf = ({ routes, world }: Evaluation): readonly Candidate[] => {
  const ttl =
    world.configuration.state === 'one' ? (world.configuration.spec.ttl ?? defaultTTL).route : undefined
  const controllers = new Map(
    world.controllers.map(controller => [controller.name, ofController(controller)]),
  )
  const candidates: Candidate[] = []
  for (const judged of routes) {
    const { policy } = judged.facts
    if (policy.state !== 'active') continue
    const route = ofRoute(judged, ttl)
    if (route === undefined) continue
    for (const { name } of policy.controllers) {
      const controller = controllers.get(name)
      if (controller !== undefined) candidates.push({ route, controller })
    }
  }
  return candidates
}

const ofController = (controller: ExternalDNSController): OfController => ({
  writer: { controller: controller.name, zone: controller.region },
  labels: controllerLabels(controller),
  annotations: endpointAnnotations(controller.region),
})

/** Undefined where the route may not have records. */
const ofRoute = (
  { resource, trouble, facts: { host, target } }: JudgedRoute,
  ttl: number | undefined,
): OfRoute | undefined => {
  if (trouble !== undefined || host === undefined || target === undefined) return undefined
  const endpoint = {
    dnsName: host,
    recordType: 'CNAME',
    ...(ttl === undefined ? {} : { recordTTL: ttl }),
    targets: [target],
  }
  return {
    resource,
    source: sourceOf(resource.object),
    labels: {
      [label.serviceRoute]: labelValue(resource.name),
      [label.sourceNamespace]: resource.namespace,
    },
    owner: ownedBy(resource.object),
    spec: { endpoints: [endpoint] },
  }
}

const wishedName = ({ route: { resource }, controller: { writer } }: Candidate): string =>
  `${resource.namespace}/${objectName(`${resource.name}-${writer.controller}`)}`

const distinctName = ({ route: { resource }, controller: { writer } }: Candidate): string =>
  `${resource.namespace}/${distinctObjectName(`${resource.name}-${writer.controller}`, `${resource.name}/${writer.controller}`)}`
