import { claimName, clusterNameOf, ownName } from '../../api/claims.ts'
import { ClusterIdentity, DNSConfiguration, Gateway, RegionFailover } from '../../api/kinds.ts'
import { targetName } from '../../api/names.ts'
import type { KubeObject } from '../../api/object.ts'
import { type Question, queryTypes, questionKey } from '../../api/questions.ts'
import { endpointsOf, gatewayOwner, indexCurrent } from '../current.ts'
import { decode } from '../decode.ts'
import type { Settings } from '../snapshot.ts'
import { buildWorld, type World } from '../world.ts'
import { reclaimedEpoch } from './home.ts'
import { identityMemory } from './memory.ts'
import { readableZones } from './readable.ts'

/** What to ask, and whom: the servers of each zone as `ip[:port]`; none for the system's resolver. */
export interface Inquiry {
  readonly questions: readonly Question[]
  readonly servers: ReadonlyMap<string, readonly string[]>
}

const platform: ReadonlySet<string> = new Set(
  [ClusterIdentity, DNSConfiguration, Gateway, RegionFailover].map(({ kind }) => kind),
)

/**
 * What the engine wants to know from the zones before it decides. Nothing for a cluster that has no part in failover
 * and whose DNSConfiguration names no `nameservers`.
 *
 * | who                           | asks                                                   | where               |
 * | ----------------------------- | ------------------------------------------------------ | ------------------- |
 * | lists standIns                | the claim on itself, its `own-` names, and those of    | its own zone        |
 * |                               | the clusters listed                                    |                     |
 * | has reclaimed                 | the claim on itself, its own names                     | every zone          |
 * | has a RegionFailover          | the claim on that cluster, the names to stand in for,  | every zone          |
 * |                               | and its `own-` names                                   |                     |
 * | publishes a gateway's name    | that name                                              | every zone          |
 * | for the first time            |                                                        |                     |
 *
 * A zone without `nameservers` can be asked only where it is this cluster's own, through the system's resolver.
 */
export const inquiryOf = (
  inputs: readonly KubeObject[],
  current: readonly KubeObject[],
  settings: Settings,
): Inquiry => {
  const relevant = inputs.filter(({ kind }) => platform.has(kind))
  const world = buildWorld(decode(relevant, new Set()), indexCurrent(current.filter(isAddress)), {
    ...settings,
    answers: undefined,
  })
  const servers = readableZones(world)
  const questions = new Map<string, Question>()
  for (const question of wanted(world, servers))
    if (servers.has(question.zone)) questions.set(questionKey(question), question)
  return { questions: [...questions.values()], servers }
}

const isAddress = (object: KubeObject): boolean => gatewayOwner(object) !== undefined

const wanted = (world: World, servers: ReadonlyMap<string, unknown>): readonly Question[] => {
  const { identity, configuration } = world
  if (identity.state !== 'one' || configuration.state !== 'one') return []
  const { region, domain, standIns = [] } = identity.spec
  const me = clusterNameOf(identity.spec)
  const zones = [...servers.keys()]
  const postfixes = [...world.postfixHolders.keys()]
  const addresses = (zone: string, name: string): readonly Question[] =>
    queryTypes.map(type => ({ zone, name, type }))
  const claim = (zone: string, peer: string): Question => ({
    zone,
    name: claimName(peer, domain),
    type: 'CNAME',
  })
  const published = new Set(
    [...world.current.dnsEndpoints.ours.values()].flatMap(object =>
      endpointsOf(object).map(({ dnsName }) => dnsName),
    ),
  )
  return [
    ...identityMemory(identity.resource.object).orphaned.flatMap(({ zone, name }) => addresses(zone, name)),
    ...(standIns.length === 0 ? [] : [claim(region, me)]),
    // Whether it is the zone that answers.
    ...(standIns.length === 0
      ? []
      : postfixes.flatMap(postfix => addresses(region, ownName(me, postfix, domain)))),
    ...standIns.flatMap(peer =>
      postfixes.flatMap(postfix => addresses(region, ownName(peer, postfix, domain))),
    ),
    ...(reclaimedEpoch(world) === 0
      ? []
      : zones.flatMap(zone => [
          claim(zone, me),
          ...postfixes.flatMap(postfix => addresses(zone, targetName(identity.spec, postfix))),
        ])),
    ...world.failovers.flatMap(({ spec }) =>
      spec === undefined
        ? []
        : zones.flatMap(zone => [
            claim(zone, clusterNameOf(spec)),
            ...postfixes.flatMap(postfix => [
              ...addresses(zone, targetName({ ...spec, domain }, postfix)),
              ...addresses(zone, ownName(clusterNameOf(spec), postfix, domain)),
            ]),
          ]),
    ),
    ...postfixes
      .map(postfix => targetName(identity.spec, postfix))
      // Who may stand in has to know whether it is the zones that answer.
      .filter(name => world.failovers.length > 0 || !published.has(name))
      .flatMap(name => zones.flatMap(zone => addresses(zone, name))),
  ]
}
