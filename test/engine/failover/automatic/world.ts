import type { KubeObject } from '../../../../src/api/object.ts'
import { decide } from '../../../../src/engine/failover/automatic/decision.ts'
import * as play from '../model.ts'
import { type Environment, type Event, healthy, lives, reachesZone } from './environment.ts'
import {
  aged,
  claimsHeld,
  holderIn,
  type Node,
  nameOf,
  passed,
  published,
  type Records,
  type Rules,
  restarted,
  switched,
  type Views,
} from './node.ts'
import { createMemo, createPool } from './pool.ts'
import { type Outcome, probed } from './rounds.ts'

/** What is explored: clusters that may stand in for one another, and what happens to them. */
export interface Scenario {
  readonly regions: readonly string[]
  /** Who may stand in for whom: all for all others, or each for the next. */
  readonly shape: 'mesh' | 'ring'
  readonly failback: 'Manual' | 'Automatic'
  /** So many failures, and so many answers, until the state of the peer is another. */
  readonly threshold: number
  readonly script: readonly Event[]
  /** What people have done long ago, one after the other. */
  readonly before?: readonly Event[]
  /** How often a process may begin anew, whenever. */
  readonly restarts: number
  /** Coarse: a pass and the cycles of ExternalDNS after it are one step. */
  readonly grain: 'fine' | 'coarse'
}

export interface State {
  readonly nodes: readonly Node[]
  readonly zones: readonly Records[]
  /** How many of the script have happened; one more than there are: everything is well again. */
  readonly events: number
  readonly restarts: number
}

export interface Taken {
  readonly step: string
  readonly state: State
  readonly broken: string | undefined
}

export interface World {
  readonly start: State
  readonly keyOf: (state: State) => string
  /** Whatever can happen next. What changes nothing is left out. */
  readonly next: (state: State) => readonly Taken[]
  /** What lives works once; and where nothing comes of that, time passes. */
  readonly round: (state: State) => Taken
  readonly environmentOf: (state: State) => Environment
  readonly healed: (state: State) => State
  readonly happen: (state: State, event: Event) => State
}

export const asTheyAre: Rules = { decide, hears: (_me, _name, targets) => targets }

export const createWorld = (scenario: Scenario, rules: Rules = asTheyAre): World => {
  const { regions, script } = scenario
  const nodes = createPool<Node>()
  const zones = createPool<Records>()
  const outcomes = createMemo<Outcome>()
  const cycles = createMemo<Records>()
  const environments = [healthy]
  for (const event of script) environments.push(event.change(environments.at(-1) ?? healthy))
  environments.push(healthy)
  const environmentOf = ({ events }: State): Environment => environments[events] ?? healthy

  const withNode = (state: State, index: number, node: Node): State => ({
    ...state,
    nodes: state.nodes.with(index, nodes.of(node)),
  })

  const pass = (state: State, index: number): Taken => {
    const node = at(state.nodes, index)
    const environment = environmentOf(state)
    const views: Views = new Map(
      regions.map((zone, which) => [
        zone,
        reachesZone(environment, node.region, zone) ? at(state.zones, which) : undefined,
      ]),
    )
    const heard = [...views.values()].map(records => (records === undefined ? '-' : zones.id(records)))
    const { node: after, broken } = outcomes(`pass ${nodes.id(node)} ${heard}`, () => {
      const next = nodes.of(passed(node, views, rules))
      return { node: next, broken: wrongToClaim(node, next, views) }
    })
    return { step: `pass ${node.region}`, state: withNode(state, index, after), broken }
  }

  const publish = (state: State, index: number, which: number): Taken => {
    const node = at(state.nodes, index)
    const before = at(state.zones, which)
    const zone = at(regions, which)
    const records = cycles(`${nodes.id(node)} ${which} ${zones.id(before)}`, () =>
      zones.of(published(node, zone, before)),
    )
    return {
      step: `dns ${node.region} in zone ${zone}`,
      state: { ...state, zones: state.zones.with(which, records) },
      broken: undefined,
    }
  }

  const publications = (state: State, index: number): readonly Taken[] =>
    regions.flatMap((zone, which) =>
      reachesZone(environmentOf(state), at(regions, index), zone) ? [publish(state, index, which)] : [],
    )

  /** A pass, and a cycle of ExternalDNS in every zone. */
  const work = (state: State, index: number): Taken => {
    const { state: decided, broken } = pass(state, index)
    const written = regions.reduce(
      (after, zone, which) =>
        reachesZone(environmentOf(state), at(regions, index), zone)
          ? publish(after, index, which).state
          : after,
      decided,
    )
    return { step: `work ${at(regions, index)}`, state: written, broken }
  }

  const probe = (state: State, index: number): Taken => {
    const node = at(state.nodes, index)
    const { node: after, broken } = outcomes(`probe ${nodes.id(node)} ${state.events}`, () => {
      const made = probed(node, environmentOf(state), rules)
      return { node: nodes.of(made.node), broken: made.broken }
    })
    return { step: `probe ${node.region}`, state: withNode(state, index, after), broken }
  }

  const restart = (state: State, index: number): Taken => {
    const node = at(state.nodes, index)
    const after = withNode(state, index, restarted(node))
    return {
      step: `restart ${node.region}`,
      state: { ...after, restarts: state.restarts - 1 },
      broken: undefined,
    }
  }

  const age = (state: State): Taken => {
    const older = state.nodes.map(
      node =>
        outcomes(`age ${nodes.id(node)}`, () => ({ node: nodes.of(aged(node)), broken: undefined })).node,
    )
    return { step: 'time passes', state: { ...state, nodes: older }, broken: undefined }
  }

  const happen = (state: State, { name, hand, process }: Event): Taken => {
    let after: State = { ...state, events: state.events + 1 }
    const index = regions.indexOf(hand?.region ?? process ?? '')
    if (hand !== undefined)
      after = withNode(
        after,
        index,
        switched(at(after.nodes, index), hand.peer, { engage: hand.engage, by: 'people' }),
      )
    if (process !== undefined) after = withNode(after, index, restarted(at(after.nodes, index)))
    return { step: name, state: after, broken: undefined }
  }

  const next = (state: State): readonly Taken[] => {
    const environment = environmentOf(state)
    const taken: Taken[] = []
    regions.forEach((region, index) => {
      if (!lives(environment, region)) return
      taken.push(probe(state, index))
      if (scenario.grain === 'coarse') taken.push(work(state, index))
      else taken.push(pass(state, index), ...publications(state, index))
      if (state.restarts > 0) taken.push(restart(state, index))
    })
    taken.push(age(state))
    const event = script[state.events]
    if (event !== undefined) taken.push(happen(state, event))
    return taken
  }

  const round = (state: State): Taken => {
    const environment = environmentOf(state)
    let after = state
    let broken: string | undefined
    const then = (taken: Taken): void => {
      after = taken.state
      broken ??= taken.broken
    }
    regions.forEach((region, index) => {
      if (!lives(environment, region)) return
      then(work(after, index))
      then(probe(after, index))
    })
    if (keyOf(after) === keyOf(state)) then(age(after))
    return { step: 'round', state: after, broken }
  }

  const keyOf = (state: State): string =>
    `${state.nodes.map(nodes.id)} ${state.zones.map(zones.id)} ${state.events} ${state.restarts}`

  const start = (): State => {
    const dns = play.model(...regions)
    const made = regions.map((region, index) =>
      play.cluster(dns, region, addressOf(index), {
        standIns: regions.filter((_, other) => standsIn(scenario, other, index)).map(nameOf),
      }),
    )
    return {
      nodes: made.map(({ inputs, current }, index) =>
        nodes.of({
          region: at(regions, index),
          inputs: [...inputs, ...failoversOf(scenario, index)],
          current,
          watches: {},
          ended: [],
          saw: 'silent',
        }),
      ),
      zones: regions.map(() => zones.of({})),
      events: 0,
      restarts: scenario.restarts,
    }
  }

  return {
    start: start(),
    keyOf,
    next,
    round,
    environmentOf,
    healed: state => ({ ...state, events: script.length + 1 }),
    happen: (state, event) => ({ ...happen(state, event).state, events: state.events }),
  }
}

export const addressOf = (index: number): string => `10.${index + 1}.0.1`

const standsIn = ({ regions, shape }: Scenario, who: number, forWhom: number): boolean =>
  who !== forWhom && (shape === 'mesh' || (who + 1) % regions.length === forWhom)

const failoversOf = (scenario: Scenario, index: number): readonly KubeObject[] => {
  const { regions, failback, threshold } = scenario
  const thresholds = { failureThreshold: threshold, successThreshold: threshold }
  return regions
    .filter((_, peer) => standsIn(scenario, index, peer))
    .map(peer =>
      play.failover(nameOf(peer), {
        mode: 'Automatic',
        probe: { scheme: 'TCP', port: 443, ...thresholds },
        witnesses: [{ scheme: 'TCP', host: 'witness.example.com', port: 443 }],
        failback,
        holdDownSeconds: 60,
      }),
    )
}

/** Who claims has seen no claim on itself, and none of another on the same cluster. */
const wrongToClaim = (before: Node, after: Node, views: Views): string | undefined => {
  const claimed = new Set(claimsHeld(before))
  const peer = claimsHeld(after).find(each => !claimed.has(each))
  if (peer === undefined) return undefined
  const what = `${nameOf(after.region)} claims ${nameOf(peer)}`
  if (after.saw === 'claimed') return `${what}, and is itself claimed`
  for (const records of views.values()) {
    const holder = records === undefined ? undefined : holderIn(records, peer)
    if (holder !== undefined && holder !== after.region) return `${what}, which ${nameOf(holder)} holds`
  }
  return undefined
}

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index]
  if (found === undefined) throw new Error(`there is no ${index}`)
  return found
}
