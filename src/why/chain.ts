import type { GatewaySpec } from '../api/gateway.ts'
import { dnsNameProblem } from '../api/names.ts'
import type { RegionFailoverSpec } from '../api/region-failover.ts'
import { endpointsOf } from '../engine/current.ts'
import { wantedEndpoints } from '../engine/derive/endpoints.ts'
import type { Judged, JudgedRoute } from '../engine/evaluate.ts'
import { brokenBy, type Known, type Link, untilBroken } from './link.ts'
import { type Endpoint, endpointRead, endpointWritten } from './links/endpoint.ts'
import { failoverItself } from './links/failover.ts'
import { addressOf, gatewayItself, gatewayOf, routeAddress } from './links/gateway.ts'
import { configurationOf, controllersOf, identityOf } from './links/platform.ts'
import { policyOf } from './links/policy.ts'
import { answerOf, recordInZone, unpublished } from './links/record.ts'
import { routeItself } from './links/route.ts'
import type { Subject } from './subject.ts'

type Table<S> = readonly ((subject: S, known: Known) => Link | undefined)[]

/** What a route needs before it can have records, in this order. */
const ofRoute: Table<JudgedRoute> = [
  routeItself,
  policyOf,
  identityOf,
  controllersOf,
  gatewayOf,
  routeAddress,
  anythingElse,
]

const ofGateway: Table<Judged<GatewaySpec>> = [identityOf, configurationOf, gatewayItself, addressOf]

const ofFailover: Table<Judged<RegionFailoverSpec>> = [identityOf, configurationOf, failoverItself]

/** From a DNSEndpoint to what its zone answers. */
const ofEndpoint: Table<Endpoint> = [endpointWritten, endpointRead, recordInZone]

/** What else the engine has against it. */
function anythingElse({ trouble }: Judged<unknown>): Link | undefined {
  return trouble === undefined || trouble.effect === 'inactive' ? undefined : brokenBy('route', trouble)
}

/** The whole way from a name to what clients get, each branch up to its first broken link. */
export interface Chain {
  readonly subject: Subject
  readonly links: readonly Link[]
  /** The first that is broken; undefined where the chain is whole. */
  readonly broken: Link | undefined
}

export const chainOf = (subject: Subject, known: Known): Chain => {
  const links = [...linksOf(subject, known)]
  return { subject, links, broken: links.find(({ state }) => state === 'broken') }
}

function* linksOf(subject: Subject, known: Known): Generator<Link> {
  const common = [...untilBroken(commonLinks(subject, known))]
  yield* common
  const isBroken = common.some(({ state }) => state === 'broken')
  const { name } = subject
  if (name === undefined) return
  // Who has no such route may see in the zones whose it is.
  if (isBroken && (subject.kind !== 'none' || isOutside(name, known))) return
  const target = subject.kind === 'route' ? subject.route.facts.target : undefined
  const own = followed(name, subject.kind === 'gateway', known)
  const ofTarget = target === undefined ? undefined : followed(target, true, known)
  for (const zone of zonesOf(known)) yield* zoneLinks(zone, own, ofTarget, known)
}

function* commonLinks(subject: Subject, known: Known): Generator<Link> {
  switch (subject.kind) {
    case 'route':
      yield* judged(ofRoute, subject.route, known)
      return
    case 'gateway':
      yield* judged(ofGateway, subject.gateway, known)
      return
    case 'failover':
      yield* judged(ofFailover, subject.failover, known)
      return
    default:
      yield notFound(subject, known)
  }
}

function* judged<S>(table: Table<S>, subject: S, known: Known): Generator<Link> {
  for (const ask of table) {
    const link = ask(subject, known)
    if (link !== undefined) yield link
  }
}

/** Every zone that is written or can be read, by name. */
const zonesOf = ({ evaluation, servers }: Known): readonly string[] =>
  [...new Set([...evaluation.world.controllers.map(({ region }) => region), ...servers.keys()])].sort()

/** A name, and the DNSEndpoints that should publish it. */
interface Followed {
  readonly name: string
  readonly endpoints: readonly Endpoint[]
  /** Whether it is this cluster's in every zone that it writes. */
  readonly isNeeded: boolean
}

const followed = (name: string, isNeeded: boolean, { evaluation }: Known): Followed => {
  const endpoints: Endpoint[] = []
  for (const wanted of wantedEndpoints(evaluation))
    if (endpointsOf(wanted.object).some(({ dnsName }) => dnsName === name)) endpoints.push({ name, wanted })
  return { name, endpoints, isNeeded }
}

/** In one zone: the name's own DNSEndpoints and record, then those of the target that it leads to. */
function* zoneLinks(
  zone: string,
  own: Followed,
  ofTarget: Followed | undefined,
  known: Known,
): Generator<Link> {
  const here = own.endpoints.filter(({ wanted }) => wanted.writer.zone === zone)
  if (here.length === 0) {
    yield* withoutEndpoint(zone, own, known)
    return
  }
  for (const endpoint of here) {
    const { controller } = endpoint.wanted.writer
    const targets = ofTarget?.endpoints.filter(({ wanted }) => wanted.writer.controller === controller) ?? []
    yield* untilBroken(
      (function* () {
        for (const each of [endpoint, ...targets]) yield* judged(ofEndpoint, each, known)
        if (ofTarget !== undefined && targets.length === 0) yield* withoutEndpoint(zone, ofTarget, known)
      })(),
    )
  }
}

/** Another cluster's name, or nobody's: what is there can only be told. One of this cluster's should be there. */
function* withoutEndpoint(zone: string, { name, isNeeded }: Followed, known: Known): Generator<Link> {
  const isWritten = known.evaluation.world.controllers.some(({ region }) => region === zone)
  if (isNeeded && isWritten) yield unpublished(zone, name, known)
  else if (known.servers.has(zone)) yield answerOf(zone, name, known)
}

const illegalName = (text: string): string | undefined => {
  const problem = text.includes('/') ? undefined : dnsNameProblem(text.toLowerCase().replace(/\.$/, ''))
  return problem === undefined ? undefined : `${text} is no legal DNS name: ${problem}`
}

const isOutside = (name: string, { evaluation: { world } }: Known): boolean =>
  world.identity.state === 'one' && !name.endsWith(`.${world.identity.spec.domain}`)

const notFound = ({ text, name, near }: Extract<Subject, { readonly kind: 'none' }>, known: Known): Link => {
  const { world, routes, gateways } = known.evaluation
  const { identity } = world
  const domain =
    name !== undefined && identity.state === 'one' && isOutside(name, known)
      ? `; the domain of this cluster is ${identity.spec.domain}`
      : ''
  return {
    link: 'route',
    state: 'broken',
    message:
      name === undefined
        ? (illegalName(text) ??
          `this cluster has no ServiceRoute ${text}, and no Gateway of that name; all ${routes.length} and ${gateways.length} were searched`)
        : `no resource of this cluster asks for ${name}; the hosts of all ServiceRoutes (${routes.length}) and the targets of all Gateways (${gateways.length}) were searched${domain}`,
    hint:
      near === undefined
        ? 'srouter status shows what there is; is this the right cluster? --context'
        : `did you mean ${near}?`,
  }
}
