import type { Rules } from './node.ts'
import { createPromises } from './promises.ts'
import { createWorld, type Scenario, type State } from './world.ts'

export interface Explored {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  /** Nothing else can happen, however long it takes. */
  readonly isWhole: boolean
  /** The shortest way to what must not be. */
  readonly found: { readonly broken: string; readonly path: readonly string[] } | undefined
}

export interface Limits {
  readonly depth: number
  /** What becomes of a state is looked at for every so manieth; for each unless given. */
  readonly every?: number
  /** Look at what becomes of states alone, and not at what happens on the way. */
  readonly endsOnly?: boolean
}

interface Visited {
  readonly state: State
  readonly from: number
  readonly step: string
}

/** All that can happen, in any order, breadth first; what comes to the same is followed once. */
export const explore = (scenario: Scenario, limits: Limits, rules?: Rules): Explored => {
  const { every = 1, endsOnly = false } = limits
  const world = createWorld(scenario, rules)
  const promises = createPromises(scenario, world, !endsOnly)
  const { before = [] } = scenario
  const start = before.reduce(
    (state, event) => promises.restOf(world.happen(state, event)),
    promises.restOf(world.start),
  )
  const visited: Visited[] = [{ state: start, from: -1, step: '' }]
  const known = new Set([world.keyOf(start)])
  let transitions = 0
  let first = 0
  let depth = 0
  const pathTo = (index: number): readonly string[] => {
    const path: string[] = []
    for (let at = index; at > 0; ) {
      const { step = '', from = 0 } = visited[at] ?? {}
      path.unshift(step)
      at = from
    }
    return path
  }
  const result = (found: Explored['found'], isWhole = false): Explored => ({
    states: visited.length,
    transitions,
    depth,
    isWhole,
    found,
  })
  for (; depth < limits.depth && first < visited.length; depth++) {
    const end = visited.length
    for (; first < end; first++) {
      const { state } = visited[first] as Visited
      if (first % every === 0) {
        const broken = promises.broken(state)
        if (broken !== undefined) return result({ broken, path: pathTo(first) })
      }
      for (const taken of world.next(state)) {
        transitions++
        if (taken.broken !== undefined && !endsOnly)
          return result({ broken: taken.broken, path: [...pathTo(first), taken.step] })
        const key = world.keyOf(taken.state)
        if (known.has(key)) continue
        known.add(key)
        visited.push({ state: taken.state, from: first, step: taken.step })
      }
    }
  }
  return result(undefined, first === visited.length)
}
