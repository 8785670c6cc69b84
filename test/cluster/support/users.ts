import type { ControlPlane } from '../../lab/cluster.ts'
import { type Srouter, srouterOn } from './srouter.ts'

export interface Rule {
  readonly groups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  /** All of them where absent. */
  readonly namespaces?: readonly string[]
}

const router = ['cluster.router.io', 'routing.router.io']
const derived = ['externaldns.k8s.io', 'networking.istio.io']

/** Reads all that srouter reads. */
export const reading: readonly Rule[] = [
  { groups: router, resources: ['*'], verbs: ['list'] },
  { groups: [''], resources: ['services', 'namespaces'], verbs: ['list'] },
  { groups: derived, resources: ['*'], verbs: ['get', 'list'] },
]

/** Writes all that srouter writes. */
export const writing: readonly Rule[] = [
  { groups: derived, resources: ['dnsendpoints', 'gateways'], verbs: ['create', 'patch', 'delete'] },
  { groups: router, resources: ['*'], verbs: ['patch'] },
]

/** The executable as a user of RBAC who may do this and nothing else. */
export const userWith = async (
  plane: ControlPlane,
  user: string,
  rules: readonly Rule[],
): Promise<Srouter> => {
  await plane.applyManifests(
    rules.flatMap((rule, index) =>
      rule.namespaces === undefined
        ? granted(user, `${user}-${index}`, rule)
        : rule.namespaces.flatMap(namespace => granted(user, `${user}-${index}`, rule, namespace)),
    ),
  )
  return srouterOn(plane, await plane.issueClientCert(user))
}

const api = 'rbac.authorization.k8s.io'

const granted = (user: string, name: string, { groups, resources, verbs }: Rule, namespace?: string) => {
  const metadata = namespace === undefined ? { name } : { name, namespace }
  const [role, binding] =
    namespace === undefined ? ['ClusterRole', 'ClusterRoleBinding'] : ['Role', 'RoleBinding']
  return [
    { apiVersion: `${api}/v1`, kind: role, metadata, rules: [{ apiGroups: groups, resources, verbs }] },
    {
      apiVersion: `${api}/v1`,
      kind: binding,
      metadata,
      roleRef: { apiGroup: api, kind: role, name },
      subjects: [{ kind: 'User', name: user, apiGroup: api }],
    },
  ]
}
