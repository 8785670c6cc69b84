import type { KindInfo } from '../api/kinds.ts'
import { clusterWide, type InstallOptions, type Manifest, name, namespaced } from './manifest.ts'

/** A rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
  readonly verbs: readonly string[]
}

/** The verbs on each of these kinds, or on a subresource of each: one rule for a group. */
export const on = (
  kinds: readonly KindInfo[],
  verbs: readonly string[],
  subresource?: 'status' | 'finalizers',
): readonly Rule[] =>
  Object.entries(Object.groupBy(kinds, ({ group }) => group)).map(([group, theirs = []]) => ({
    apiGroups: [group],
    resources: theirs.map(({ plural }) => (subresource === undefined ? plural : `${plural}/${subresource}`)),
    verbs,
  }))

const rbac = 'rbac.authorization.k8s.io'

export const clusterRole = (
  options: InstallOptions,
  roleName: string,
  rules: readonly Rule[],
  labels: Readonly<Record<string, string>> = {},
): Manifest => clusterWide(options, `${rbac}/v1`, 'ClusterRole', roleName, { rules }, labels)

export const role = (options: InstallOptions, roleName: string, rules: readonly Rule[]): Manifest =>
  namespaced(options, `${rbac}/v1`, 'Role', roleName, { rules })

/** The daemon gets a ClusterRole in the whole cluster. */
export const clusterRoleBinding = (options: InstallOptions, roleName: string): Manifest =>
  clusterWide(options, `${rbac}/v1`, 'ClusterRoleBinding', roleName, {
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: roleName },
    subjects: [daemon(options)],
  })

/** The daemon gets a Role in its namespace. */
export const roleBinding = (options: InstallOptions, roleName: string): Manifest =>
  namespaced(options, `${rbac}/v1`, 'RoleBinding', roleName, {
    roleRef: { apiGroup: rbac, kind: 'Role', name: roleName },
    subjects: [daemon(options)],
  })

const daemon = ({ namespace }: InstallOptions) => ({ kind: 'ServiceAccount', name, namespace })

/** One verb on one type. */
export interface Right {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string | undefined
  readonly name: string | undefined
}

/** Every right that rules about resources give. */
export const rightsIn = (rules: readonly Rule[]): readonly Right[] =>
  rules.flatMap(({ apiGroups = [], resources = [], resourceNames = [undefined], verbs }) =>
    apiGroups.flatMap(group =>
      resources.flatMap(each => {
        const [resource = '', subresource] = each.split('/')
        return verbs.flatMap(verb =>
          resourceNames.map(name => ({ verb, group, resource, subresource, name })),
        )
      }),
    ),
  )
