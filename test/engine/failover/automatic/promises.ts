import { lives, reachesZone } from './environment.ts'
import { claimsHeld, holderIn, isEngaged, nameOf, standsInFor } from './node.ts'
import { addressOf, type Scenario, type State, type World } from './world.ts'

/**
 * What must be true once everything has had its time: of the environment as it is, and of one that is well again. From
 * one state on, rounds always lead the same way, so what comes of a state is known for all on the way there.
 */
export const createPromises = (scenario: Scenario, world: World, stepsCount = true) => {
  const ends = new Map<string, State | string>()

  const endOf = (state: State): State | string => {
    const way: string[] = []
    let here = state
    for (let round = 0; ; round++) {
      const key = world.keyOf(here)
      const known = ends.get(key)
      if (known !== undefined) return learnt(way, known)
      if (round === mostRounds) return learnt(way, 'it does not come to rest')
      way.push(key)
      const { state: after, broken } = world.round(here)
      if (stepsCount && broken !== undefined) return learnt(way, broken)
      if (world.keyOf(after) === key) return learnt(way, after)
      here = after
    }
  }

  const learnt = (way: readonly string[], end: State | string): State | string => {
    for (const key of way) ends.set(key, end)
    return end
  }

  const restOf = (state: State): State => {
    const end = endOf(state)
    if (typeof end === 'string') throw new Error(end)
    return end
  }

  return {
    restOf,
    /** What is broken in the end, from here on. */
    broken: (state: State): string | undefined => {
      const end = endOf(state)
      if (typeof end === 'string') return `as it stays: ${end}`
      const together = rivals(end, world) ?? chain(end, world)
      if (together !== undefined) return `as it stays: ${together}`
      const well = endOf(world.healed(state))
      if (typeof well === 'string') return `all is well again: ${well}`
      const left =
        rivals(well, world) ?? chain(well, world) ?? leftOver(well, scenario) ?? astray(well, scenario)
      return left === undefined ? undefined : `all is well again: ${left}`
    },
  }
}

const mostRounds = 100

/** Two that stand in for one cluster, and could know of each other by a zone that both reach. */
const rivals = (state: State, world: World): string | undefined => {
  const environment = world.environmentOf(state)
  const living = state.nodes.filter(({ region }) => lives(environment, region))
  for (const a of living)
    for (const b of living) {
      if (a.region >= b.region) continue
      const both = standsInFor(a).find(peer => standsInFor(b).includes(peer))
      const meet = state.nodes.some(
        ({ region: zone }) =>
          reachesZone(environment, a.region, zone) && reachesZone(environment, b.region, zone),
      )
      if (both !== undefined && meet)
        return `${nameOf(a.region)} and ${nameOf(b.region)} both stand in for ${nameOf(both)}`
    }
  return undefined
}

/** Who stands in for another, and sees that somebody who lives and knows as much stands in for itself. */
const chain = (state: State, world: World): string | undefined => {
  const environment = world.environmentOf(state)
  for (const [index, node] of state.nodes.entries()) {
    const { region } = node
    const holder = holderIn(state.zones[index] ?? {}, region)
    const other = state.nodes.find(each => each.region === holder)
    if (other === undefined || !lives(environment, region) || !lives(environment, other.region)) continue
    const know = reachesZone(environment, region, region) && reachesZone(environment, other.region, region)
    if (know && claimsHeld(other).includes(region) && standsInFor(node).length > 0)
      return `${nameOf(region)} stands in for ${standsInFor(node).map(nameOf)}, and ${nameOf(other.region)} for it`
  }
  return undefined
}

/** What is still engaged though everything is well, and nobody is told why. */
const leftOver = ({ nodes }: State, { failback }: Scenario): string | undefined => {
  for (const node of nodes)
    for (const [peer, { reason }] of Object.entries(node.watches)) {
      const what = `${nameOf(node.region)} for ${nameOf(peer)}`
      const isTold = reason === 'EngagedByHand' || (failback === 'Manual' && reason === 'FailbackByHand')
      if (isEngaged(node, peer) && !isTold) return `${what} is still engaged, because of ${reason}`
      if (!isEngaged(node, peer) && claimsHeld(node).includes(peer)) return `${what} still holds a claim`
    }
  return undefined
}

/** A name that leads elsewhere than to its cluster, or to who stands in for it. */
const astray = ({ nodes, zones }: State, { regions }: Scenario): string | undefined => {
  for (const [index, region] of regions.entries()) {
    const holder = nodes.findIndex(node => standsInFor(node).includes(region))
    const expected = addressOf(holder < 0 ? index : holder)
    for (const [which, records] of zones.entries()) {
      const [there] = records[`${nameOf(region)}-internal.aks.example.com A`] ?? []
      if (there !== expected)
        return `${nameOf(region)} is ${there} in zone ${regions[which]}, not ${expected}`
    }
  }
  return undefined
}
