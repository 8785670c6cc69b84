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
  /** Environments of hosts that are decided already. */
  readonly environments: Votes
}

interface Preference {
  readonly why: (parts: HostParts) => string
  readonly holds: (parts: HostParts, of: Splittable, knowledge: Knowledge) => boolean
}

const asTold: Preference = {
  why: ({ environment }) => `you told of environment ${environment}`,
  holds: ({ environment }, _, { told }) => told.has(environment),
}

const asPresent: Preference = {
  why: () => 'ServiceRoutes of the namespace have the same',
  holds: ({ environment, application }, { namespace }, { present }) =>
    present.has(`${namespace} ${environment} ${application}`),
}

const asNamespace: Preference = {
  why: () => 'the application is named like the namespace',
  holds: ({ application }, { namespace }) => application === namespace,
}

const asOthers: Preference = {
  why: ({ environment }) => `other hosts have environment ${environment}`,
  holds: ({ environment }, _, { environments }) => environments.count(environment) > 0,
}

const asFirstWord: Preference = {
  why: () => 'the environment is the first word, as nothing else decides',
  holds: () => true,
}

/**
 * Asked in rounds, of all hosts that are still undecided; of one round the first that some way of splitting meets
 * decides. What one round has decided the next ones know, so that a namespace, and a cluster, come to few environments.
 */
const rounds: readonly (readonly Preference[])[] = [
  [asTold, asPresent],
  [asOthers],
  [asNamespace],
  [asOthers, asFirstWord],
]

/** By host: the one way to split it that fits the others best. */
export const chooseSplits = (
  hosts: readonly Splittable[],
  told: readonly string[],
  present: readonly (HostParts & { readonly namespace: string })[],
): ReadonlyMap<string, Chosen> => {
  const environments = new Votes()
  const knowledge: Knowledge = {
    told: new Set(told),
    present: new Set(present.map(each => `${each.namespace} ${each.environment} ${each.application}`)),
    environments,
  }
  for (const { environment } of present) environments.add(environment)
  const chosen = new Map<string, Chosen>()
  for (const { host, splits } of hosts) {
    const [only, other] = splits
    if (only === undefined || other !== undefined) continue
    chosen.set(host, { parts: only, why: undefined })
    environments.add(only.environment)
  }
  let undecided = hosts.filter(({ host }) => !chosen.has(host))
  for (const preferences of rounds) {
    const found = undecided.flatMap(host => {
      const choice = preferred(host, preferences, knowledge)
      return choice === undefined ? [] : [{ host: host.host, choice }]
    })
    for (const { host, choice } of found) {
      chosen.set(host, choice)
      environments.add(choice.parts.environment)
    }
    undecided = undecided.filter(({ host }) => !chosen.has(host))
  }
  return chosen
}

const preferred = (
  host: Splittable,
  preferences: readonly Preference[],
  knowledge: Knowledge,
): Chosen | undefined => {
  for (const { holds, why } of preferences) {
    const [best] = host.splits
      .filter(parts => holds(parts, host, knowledge))
      .sort((a, b) => rank(b, host, knowledge) - rank(a, host, knowledge))
    if (best !== undefined) return { parts: best, why: why(best) }
  }
  return undefined
}

/** Of two that meet the same, the one whose application is the namespace's; then that with the commoner environment. */
const rank = (
  { environment, application }: HostParts,
  { namespace }: Splittable,
  { environments }: Knowledge,
): number => (application === namespace ? 1_000_000 : 0) + environments.count(environment)
