import type { World } from '../../engine/world.ts'
import { counted } from '../../lib/counted.ts'
import { type Check, problem, some, verdict } from '../check.ts'

/**
 * Nothing in `{serviceName}-ns-{letter}-{environment}-{application}` names the namespace. So namespaces with the same
 * end of their hosts could claim each other's; who comes first has it.
 *
 * | namespace: environment, application     | could claim                              |
 * | --------------------------------------- | ---------------------------------------- |
 * | a: prod, shop      b: prod, shop        | each what the other has                  |
 * | a: prod, eu-shop   b: prod-eu, shop     | the same: both end in prod-eu-shop       |
 * | a: x-ns-p-prod, shop   b: prod, shop    | b what a has, with serviceName …-ns-p-x  |
 */
export const claimableHosts: Check = {
  remedy:
    'let one namespace have each environment and application, or keep others out by the allowedRoutes of the Gateway',
  look: ({ state }) => {
    if (!state.known) return { notChecked: state.why }
    const { world } = state.value.evaluation
    const ends = namespacesByEnd(world)
    const letter = world.identity.state === 'one' ? world.identity.spec.environmentLetter : undefined
    return verdict(
      [...ends].flatMap(([end, namespaces]) => {
        const others =
          letter === undefined
            ? []
            : shorterEnds(end, `-ns-${letter}-`).flatMap(each => [...(ends.get(each) ?? [])])
        const all = [...new Set([...namespaces, ...others])].sort()
        return all.length < 2
          ? []
          : [
              problem(
                'warning',
                `hosts that end in -${end} can be claimed by ${counted(all.length, 'namespace')}: ${some(all)}`,
              ),
            ]
      }),
      'no two namespaces have environment and application in common',
    )
  },
}

const namespacesByEnd = ({ routes }: World): ReadonlyMap<string, ReadonlySet<string>> => {
  const ends = new Map<string, Set<string>>()
  for (const { spec, namespace } of routes) {
    if (spec === undefined) continue
    const end = `${spec.environment}-${spec.application}`
    const namespaces = ends.get(end)
    if (namespaces === undefined) ends.set(end, new Set([namespace]))
    else namespaces.add(namespace)
  }
  return new Map([...ends].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** What stands behind each further `-ns-p-` in an end. */
const shorterEnds = (end: string, infix: string): readonly string[] =>
  end
    .split(infix)
    .map((_, index, parts) => parts.slice(index + 1).join(infix))
    .slice(0, -1)
