import type { Rule } from '../../../src/install/rules.ts'

/**
 * One verb on one type, as a word: `patch serviceroutes.routing.router.io/status`. Leases have names behind them, as
 * the rules about them do.
 */
export type Permission = string

export const permissionOf = (
  verb: string,
  group: string,
  resource: string,
  subresource = '',
  name = '',
): Permission =>
  `${verb} ${resource}${group === '' ? '' : `.${group}`}${subresource === '' ? '' : `/${subresource}`}${name === '' ? '' : ` ${name}`}`

/** Every permission that rules give. */
export const permissionsOf = (rules: readonly Rule[]): readonly Permission[] =>
  singleRules(rules).map(wordFor).sort()

/** The rules without one permission. */
export const without = (rules: readonly Rule[], permission: Permission): readonly Rule[] =>
  singleRules(rules).filter(rule => wordFor(rule) !== permission)

/** One verb on one type each. */
const singleRules = (rules: readonly Rule[]): readonly Rule[] =>
  rules.flatMap(({ apiGroups = [], resources = [], verbs, resourceNames }) =>
    apiGroups.flatMap(group =>
      resources.flatMap(resource =>
        verbs.map(verb => ({
          apiGroups: [group],
          resources: [resource],
          verbs: [verb],
          ...(resourceNames === undefined ? {} : { resourceNames }),
        })),
      ),
    ),
  )

const wordFor = ({ apiGroups, resources, verbs, resourceNames }: Rule): Permission => {
  const [resource = '', subresource] = resources?.[0]?.split('/') ?? []
  return permissionOf(verbs[0] ?? '', apiGroups?.[0] ?? '', resource, subresource, resourceNames?.[0])
}
