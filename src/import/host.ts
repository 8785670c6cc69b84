import * as v from 'valibot'
import type { HostParts } from '../api/names.ts'
import { serviceRouteSpec } from '../api/service-route.ts'
import { Votes } from './votes.ts'

/** The environment letter that a label seems to have: `api-ns-p-prod-shop` has p. */
export const letterIn = (first: string): string | undefined => /.-ns-([a-z])-./.exec(first)?.[1]

/**
 * Every way in which the first label of a host can be put together. All make the same host, so all are right; those
 * without a hyphen at an end of a part are the likely ones, and the only ones where there are any.
 *
 * | label                | service | environment | application |
 * | -------------------- | ------- | ----------- | ----------- |
 * | api-ns-p-prod-shop   | api     | prod        | shop        |
 * | api-ns-p-pre-prod-a  | api     | pre         | prod-a      |
 * |                      | api     | pre-prod    | a           |
 */
export const splitsOf = (first: string, letter: string): readonly HostParts[] => {
  const middle = `-ns-${letter}-`
  const found: HostParts[] = []
  // A service has this in its name more likely than an environment.
  for (let at = first.lastIndexOf(middle); at > 0; at = first.lastIndexOf(middle, at - 1)) {
    const rest = first.slice(at + middle.length)
    for (let cut = rest.indexOf('-', 1); cut > 0; cut = rest.indexOf('-', cut + 1)) {
      const parts = {
        serviceName: first.slice(0, at),
        environment: rest.slice(0, cut),
        application: rest.slice(cut + 1),
      }
      if (v.is(serviceRouteSpec, { ...parts, gatewayName: 'any' })) found.push(parts)
    }
  }
  const likely = found.filter(parts => Object.values(parts).every(part => !/^-|-$/.test(part)))
  return likely.length > 0 ? likely : found
}

/** A host that is to be split. */
export interface Splittable {
  readonly host: string
  readonly namespace: string
  readonly splits: readonly HostParts[]
}

export interface Chosen {
  readonly parts: HostParts
  /** Why so and not otherwise; undefined where there is one way alone. */
  readonly why: string | undefined
}

interface Knowledge {
  readonly told: ReadonlySet<string>
  /** `namespace environment application` of ServiceRoutes that there are. */
  readonly present: ReadonlySet<string>
  /** Environments of hosts about which there is no doubt. */
  readonly certain: Votes
}

interface Preference {
  readonly why: (parts: HostParts) => string
  readonly holds: (parts: HostParts, of: Splittable, knowledge: Knowledge) => boolean
}

/** Asked from top to bottom; the first that some way of splitting meets decides. */
const preferences: readonly Preference[] = [
  {
    why: ({ environment }) => `you told of environment ${environment}`,
    holds: ({ environment }, _, { told }) => told.has(environment),
  },
  {
    why: () => 'ServiceRoutes of the namespace have the same',
    holds: ({ environment, application }, { namespace }, { present }) =>
      present.has(`${namespace} ${environment} ${application}`),
  },
  {
    why: () => 'the application is named like the namespace',
    holds: ({ application }, { namespace }) => application === namespace,
  },
  {
    why: ({ environment }) => `other hosts have environment ${environment}`,
    holds: ({ environment }, _, { certain }) => certain.count(environment) > 0,
  },
]

/** The first of them are certain: what they choose counts for the hosts that are left to the last. */
const certainPreferences = preferences.slice(0, -1)

/** By host: the one way to split it that fits the others best. */
export const chooseSplits = (
  hosts: readonly Splittable[],
  told: readonly string[],
  present: readonly (HostParts & { readonly namespace: string })[],
): ReadonlyMap<string, Chosen> => {
  const certain = new Votes()
  const knowledge: Knowledge = {
    told: new Set(told),
    present: new Set(present.map(each => `${each.namespace} ${each.environment} ${each.application}`)),
    certain,
  }
  for (const { environment } of present) certain.add(environment)
  for (const host of hosts) {
    const [only, other] = host.splits
    const sure = other === undefined ? only : preferred(host, certainPreferences, knowledge)?.parts
    if (sure !== undefined) certain.add(sure.environment)
  }
  const chosen = new Map<string, Chosen>()
  for (const host of hosts) {
    const [first, other] = host.splits
    if (first === undefined) continue
    const firstWord = { parts: first, why: 'the environment is the first word, as nothing else decides' }
    chosen.set(
      host.host,
      other === undefined
        ? { parts: first, why: undefined }
        : (preferred(host, preferences, knowledge) ?? firstWord),
    )
  }
  return chosen
}

const preferred = (
  host: Splittable,
  among: readonly Preference[],
  knowledge: Knowledge,
): Chosen | undefined => {
  for (const { holds, why } of among) {
    const fitting = host.splits.filter(parts => holds(parts, host, knowledge))
    const best = fitting.toSorted(
      (a, b) => knowledge.certain.count(b.environment) - knowledge.certain.count(a.environment),
    )[0]
    if (best !== undefined) return { parts: best, why: why(best) }
  }
  return undefined
}
