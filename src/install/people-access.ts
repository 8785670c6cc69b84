import {
  ClusterIdentity,
  DNSConfiguration,
  DNSEndpoint,
  DNSPolicy,
  Gateway,
  IstioGateway,
  type KindInfo,
  Namespace,
  RegionFailover,
  routerKinds,
  Service,
  ServiceRoute,
} from '../api/kinds.ts'
import { earlierOperatorLease, leaseName } from '../api/leases.ts'
import type { InstallOptions, Manifest } from './manifest.ts'
import { clusterRole, on } from './rules.ts'

const read = ['get', 'list', 'watch']
const write = ['create', 'update', 'patch', 'delete', 'deletecollection']

/** What an application team writes; everything else is the platform team's. */
const tenantKinds: readonly KindInfo[] = [DNSPolicy, ServiceRoute]
const platformKinds = routerKinds.filter(kind => !tenantKinds.includes(kind))

/** What decides whether a gateway's records may be published. */
const gateKinds: readonly KindInfo[] = [
  ClusterIdentity,
  DNSConfiguration,
  RegionFailover,
  Gateway,
  Service,
  DNSEndpoint,
]

/** Kubernetes adds the rules of such a ClusterRole to its own of that name. */
const addedTo = (...roles: readonly ('admin' | 'edit' | 'view')[]): Readonly<Record<string, string>> =>
  Object.fromEntries(roles.map(each => [`rbac.authorization.k8s.io/aggregate-to-${each}`, 'true']))

/** What people may do. */
export const peopleAccess = (options: InstallOptions): readonly Manifest[] => [
  clusterRole(options, 'srouter-tenant-edit', on(tenantKinds, [...read, ...write]), addedTo('admin', 'edit')),
  clusterRole(options, 'srouter-tenant-view', on(tenantKinds, read), addedTo('view')),
  // For the ServiceAccount of the ExternalDNS instances for gateways, where "srouter gate" comes before them.
  clusterRole(options, 'srouter-gate', on(gateKinds, ['list'])),
  // Writes what is the platform's, may make a plan, and look at the set-up. Bound by the platform team itself; to `apply` as well, bind
  // the ClusterRole `srouter` too.
  clusterRole(options, 'srouter-platform', [
    ...on(platformKinds, [...read, ...write]),
    ...on([...tenantKinds, DNSEndpoint, IstioGateway, Service, Namespace], read),
    // For "srouter doctor" and "srouter adopt": how ExternalDNS and srouter itself run, and who holds their Leases.
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] },
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: [earlierOperatorLease, leaseName],
      verbs: ['list'],
    },
  ]),
]
