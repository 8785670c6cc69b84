import {
  ClusterIdentity,
  DNSEndpoint,
  Gateway,
  IstioGateway,
  Namespace,
  RegionFailover,
  routerKinds,
  Service,
  ServiceRoute,
} from '../api/kinds.ts'
import { earlierOperatorLease, leaseName } from '../api/leases.ts'
import { type InstallOptions, type Manifest, name, namespaced } from './manifest.ts'
import { clusterRole, clusterRoleBinding, on, type Rule, role, roleBinding } from './rules.ts'

/**
 * What the daemon may do: what it does and nothing else. test/permissions compares this with what the API server has
 * seen of it, and takes away each verb in turn.
 */
export const daemonRules: readonly Rule[] = [
  ...on([...routerKinds, Service, Namespace], ['list', 'watch']),
  ...on(routerKinds, ['patch'], 'status'),
  // `get` is for a write that met another one.
  ...on([DNSEndpoint, IstioGateway], ['get', 'list', 'watch', 'create', 'patch', 'delete']),
  // Its finalizer keeps it until its claim is released.
  ...on([RegionFailover], ['get', 'patch']),
  // An owner may not be deleted before what it owns. Where the admission plugin OwnerReferencesPermissionEnforcement is
  // on, as in OpenShift, only who has this may say so.
  ...on([ServiceRoute, Gateway, Service, RegionFailover, ClusterIdentity], ['update'], 'finalizers'),
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  // Whether the earlier operator still runs, in whichever namespace.
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: [earlierOperatorLease],
    verbs: ['list'],
  },
]

/** The election of a leader, in the daemon's namespace. RBAC cannot tie `create` to a name. */
export const daemonLeaseRules: readonly Rule[] = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
  {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    resourceNames: [leaseName],
    verbs: ['get', 'update'],
  },
]

/** Who the daemon is, and what it may do. */
export const daemonAccess = (options: InstallOptions): readonly Manifest[] => [
  namespaced(options, 'v1', 'ServiceAccount', name, {
    // The Deployment asks for it; whatever else runs as this account does not get it by accident.
    automountServiceAccountToken: false,
  }),
  clusterRole(options, name, daemonRules),
  clusterRoleBinding(options, name),
  role(options, name, daemonLeaseRules),
  roleBinding(options, name),
]
