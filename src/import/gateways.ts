import { Gateway } from '../api/kinds.ts'
import type { KubeObject } from '../api/object.ts'
import { type AddressSet, sameSets } from '../engine/addresses.ts'
import type { World } from '../engine/world.ts'
import { byText } from '../lib/compare.ts'
import { handMadeGateways, type Ingress, type IngressIndex, indexIngress, ingressKey } from './ingress.ts'
import { publishedBy, setsOf } from './load-balancers.ts'
import type { Merged } from './merged.ts'
import type { Reason } from './original.ts'
import { freeName, type Proposed, propose } from './proposal.ts'
import type { Told } from './request.ts'
import type { Host, Sorted, Target } from './sorted.ts'
import { mostHave, type TTLs } from './ttls.ts'
import { Votes } from './votes.ts'

/** A Gateway that a route may name. */
interface Member extends Ingress {
  readonly namespace: string
  readonly name: string
}

export interface GatewayProposal {
  readonly proposed: Proposed
  /** It is wanted for its addresses, also where no route names it. */
  readonly hasAddresses: boolean
}

/** The Gateways of one postfix; they share controller and addresses, and differ in their certificate. */
export type Bundle =
  | { readonly members: readonly [Member, ...Member[]]; readonly proposals: readonly GatewayProposal[] }
  | { readonly reason: Reason }

export interface Gateways {
  readonly bundles: ReadonlyMap<string, Bundle>
  /** The Gateway that serves a host today, or that is the most likely to. */
  readonly memberFor: (
    host: Host,
  ) => { readonly member: Member; readonly why: string | undefined } | undefined
}

interface Given {
  readonly world: World
  readonly current: readonly KubeObject[]
  readonly told: Told
  readonly ttls: TTLs
}

/** For every postfix that is the target of hosts or has addresses: the Gateways there are, or new ones. */
export const gatewaysFor = ({ hosts, targets }: Sorted, given: Given): Gateways => {
  const index = indexIngress(handMadeGateways(given.current))
  const hostsOf = Map.groupBy(hosts, ({ postfix }) => postfix)
  const targetOf = new Map(targets.map(target => [target.postfix, target]))
  const postfixes = [...new Set([...hostsOf.keys(), ...targetOf.keys()])].sort(byText)
  const names = takenNames(given)
  const bundles = new Map(
    postfixes.map(postfix => {
      const about = { postfix, hosts: hostsOf.get(postfix) ?? [], target: targetOf.get(postfix) }
      return [postfix, bundleOf(about, index, given, names)] as const
    }),
  )
  const memberFor = (host: Host): ReturnType<Gateways['memberFor']> => {
    const bundle = bundles.get(host.postfix)
    if (bundle === undefined || 'reason' in bundle) return undefined
    const serving = new Set(index.serving(host.host).map(ingressKey))
    const member = bundle.members.find(each => serving.has(ingressKey(each)))
    return member === undefined
      ? {
          member: bundle.members[0],
          why: 'no Istio Gateway serves the host today; it gets the Gateway of the others',
        }
      : { member, why: undefined }
  }
  return { bundles, memberFor }
}

interface About {
  readonly postfix: string
  readonly hosts: readonly Host[]
  readonly target: Target | undefined
}

const bundleOf = (about: About, index: IngressIndex, given: Given, names: TakenNames): Bundle => {
  const [present, ...more] = membersPresent(about.postfix, given.world)
  if (present !== undefined) return { members: [present, ...more], proposals: [] }
  const sets = agreedSets(about.target)
  if (sets === undefined) return { reason: addressesDiffer(about.postfix) }
  const [first, ...others] = ingressesOf(about, index, given)
  if (first === undefined) return { reason: gatewayUnknown(about.postfix) }
  const addresses = addressesFor(sets, first.controller, given.world)
  if (addresses === undefined) return { reason: hostnameDiffers(about.postfix, first.controller) }
  const { seconds, comment } = ttlFor(about.target, given.ttls)
  const members: Member[] = []
  const proposals = [first, ...others].map((ingress, nth) => {
    const name = names.take(about.postfix, nth === 0 ? undefined : ingress.credentialName)
    const member = { ...ingress, namespace: names.namespace, name: name.name }
    members.push(member)
    const { controller, credentialName } = ingress
    const spec = {
      controller,
      credentialName,
      targetPostfix: about.postfix,
      ...(seconds === undefined ? {} : { ttl: seconds }),
      ...(addresses.fixed.length === 0 ? {} : { addresses: addresses.fixed }),
    }
    return {
      proposed: propose(Gateway, member, spec, [...name.comments, ...addresses.comments, ...comment]),
      hasAddresses: nth === 0 && sets.length > 0,
    }
  })
  const [member, ...rest] = members
  return member === undefined
    ? { reason: gatewayUnknown(about.postfix) }
    : { members: [member, ...rest], proposals }
}

const membersPresent = (postfix: string, world: World): readonly Member[] =>
  [...world.gateways.values()].flatMap(({ namespace, name, spec }) =>
    spec?.targetPostfix === postfix
      ? [{ namespace, name, controller: spec.controller, credentialName: spec.credentialName }]
      : [],
  )

/** How the hosts of a postfix are served today, the most frequent first: by one controller, with one certificate or more. */
const ingressesOf = (
  { postfix, hosts, target }: About,
  index: IngressIndex,
  { told, world }: Given,
): readonly Ingress[] => {
  const stated = told.gateways.find(({ targetPostfix }) => targetPostfix === postfix)
  if (stated !== undefined) return [stated]
  const controllers = new Votes()
  const served = new Votes()
  const known = new Map<string, Ingress>()
  for (const { host } of hosts)
    for (const ingress of index.serving(host)) {
      controllers.add(ingress.controller)
      served.add(ingressKey(ingress))
      known.set(ingressKey(ingress), ingress)
    }
  // One target has one meaning: where it has the addresses of a load balancer, it means that one's pods.
  const byAddress = new Set(target?.records.flatMap(record => publishedBy(record, world)))
  const likely = byAddress.size === 0 ? controllers.leaders() : [...byAddress].sort(byText)
  for (const controller of likely.toSorted((a, b) => controllers.count(b) - controllers.count(a))) {
    const fitting = [...known.values()].filter(ingress => ingress.controller === controller)
    if (fitting.length > 0) return fitting.sort(byVotes(served))
    const [only, another] = index.all.filter(ingress => ingress.controller === controller)
    if (only !== undefined && another === undefined) return [only]
  }
  return []
}

const byVotes =
  (votes: Votes) =>
  (a: Ingress, b: Ingress): number =>
    votes.count(ingressKey(b)) - votes.count(ingressKey(a)) || byText(ingressKey(a), ingressKey(b))

/** The record sets of a gateway's name, the same in every zone that has it; undefined where zones differ. */
const agreedSets = (target: Target | undefined): readonly AddressSet[] | undefined => {
  const zones = [...Map.groupBy(target?.records ?? [], ({ writer }) => writer.controller).values()]
  const [first, ...others] = zones.map(records => records.map(setOf))
  if (first === undefined) return []
  return others.every(sets => sameSets(first, sets)) ? first : undefined
}

const setOf = ({ type, targets }: Merged): AddressSet => ({ type: type as AddressSet['type'], targets })

/** What the Gateway has to state of them: nothing where its load balancer has the same. Undefined where it cannot. */
const addressesFor = (
  sets: readonly AddressSet[],
  controller: string,
  world: World,
): { readonly fixed: readonly string[]; readonly comments: readonly string[] } | undefined => {
  const own = setsOf(controller, world)
  if (sets.length === 0 || sameSets(sets, own)) return { fixed: [], comments: [] }
  if (sets.some(({ type }) => type === 'CNAME')) return undefined
  const there = own.flatMap(({ targets }) => targets)
  return {
    fixed: sets.flatMap(({ targets }) => targets).sort(byText),
    comments: [
      there.length === 0
        ? `No load balancer with label istio=${controller} was found, so the addresses are stated. Where there is one with the same, leave them out.`
        : `The load balancer with label istio=${controller} has ${there.join(', ')}, and the records have other addresses, so these are stated.`,
    ],
  }
}

const ttlFor = (target: Target | undefined, { gateway }: TTLs) => {
  const own = target === undefined ? undefined : mostHave(target.records)
  return own === undefined || own === gateway
    ? { seconds: undefined, comment: [] }
    : { seconds: own, comment: [`Its records have a TTL of ${own}, and most have ${gateway}.`] }
}

interface TakenNames {
  readonly namespace: string
  take(
    postfix: string,
    credentialName: string | undefined,
  ): { readonly name: string; readonly comments: readonly string[] }
}

/** An Istio Gateway gets the name of its Gateway, and one that was made by hand is never overwritten. */
const takenNames = ({ world, current }: Given): TakenNames => {
  const namespace = world.settings.defaultGatewayNamespace
  const inNamespace = (object: KubeObject): boolean => object.metadata.namespace === namespace
  const foreign = new Set(
    handMadeGateways(current)
      .filter(inNamespace)
      .map(({ metadata }) => metadata.name),
  )
  const ours = new Set(
    [...world.gateways.values()].filter(({ object }) => inNamespace(object)).map(({ name }) => name),
  )
  return {
    namespace,
    take: (postfix, credentialName) => {
      const wished = credentialName === undefined ? postfix : `${postfix}-${credentialName}`.slice(0, 200)
      const name = freeName(each => foreign.has(each) || ours.has(each), wished, `${wished}-gateway`)
      ours.add(name)
      const comments = [
        ...(credentialName === undefined
          ? []
          : [`Beside ${postfix}, because some hosts have the certificate ${credentialName}.`]),
        ...(foreign.has(wished)
          ? [`Not named ${wished}, because the Istio Gateway of that name was made by hand.`]
          : []),
      ]
      return { name, comments }
    },
  }
}

const addressesDiffer = (postfix: string): Reason => ({
  code: 'ZonesDiffer',
  message: `the addresses of gateway ${postfix} are not the same in all zones that have them, and srouter writes the same to all`,
  hint: 'correct them, and import again',
})

const gatewayUnknown = (postfix: string): Reason => ({
  code: 'GatewayUnknown',
  message: `which pods and which certificate gateway ${postfix} has cannot be told: no Istio Gateway serves its hosts`,
  hint: `add the Istio Gateways to the files, or --gateway ${postfix}=CONTROLLER,CREDENTIAL`,
})

const hostnameDiffers = (postfix: string, controller: string): Reason => ({
  code: 'GatewayUnknown',
  message: `gateway ${postfix} is a CNAME, and no load balancer with label istio=${controller} has that name`,
  hint: 'add the Service with its status to the files, or import from the cluster',
})
