import type { Check } from '../check.ts'
import { callerAccess, daemonAccess } from './access.ts'
import { crdFields, dnsEndpointCrd, istioCrd, routerCrds } from './crds.ts'
import { daemonLease, daemonRunning, earlierOperator, oneWriter } from './daemon.ts'
import { coverage, effect } from './external-dns/coverage.ts'
import { gate, nameservers } from './external-dns/failover.ts'
import { available, found, readable } from './external-dns/found.ts'
import { ownerPerCluster, prefixPerCluster, syncWithSharedOwner } from './external-dns/ownership.ts'
import { ownershipNames, prefixKnown } from './external-dns/prefixes.ts'
import { otherSources, recordTypes, syncOverGateways } from './external-dns/records.ts'
import { setUp } from './external-dns/set-up.ts'
import { annotationFilter, events, policyNamed } from './external-dns/versions.ts'
import { claimableHosts } from './hosts.ts'
import { loadBalancers } from './ingress.ts'
import { clusterIdentity, dnsConfiguration, resources } from './resources.ts'
import { tlsExpiry, tlsHosts, tlsSecrets } from './tls.ts'
import { zoneSize } from './zone-size.ts'

export type Group =
  | 'CRDs'
  | 'Permissions'
  | 'Resources'
  | 'srouter'
  | 'ExternalDNS'
  | 'Failover'
  | 'Ingress'
  | 'Zones'

/** Every check in the order in which it is shown, by group and by its code. Codes are public: they never change. */
export const checks: Readonly<Record<Group, Readonly<Record<string, Check>>>> = {
  CRDs: { RouterCRDs: routerCrds, CRDFields: crdFields, DNSEndpointCRD: dnsEndpointCrd, IstioCRD: istioCrd },
  Permissions: { CallerAccess: callerAccess, DaemonAccess: daemonAccess },
  Resources: { ClusterIdentity: clusterIdentity, DNSConfiguration: dnsConfiguration, Findings: resources },
  srouter: {
    DaemonRunning: daemonRunning,
    DaemonLease: daemonLease,
    OneWriter: oneWriter,
    EarlierOperator: earlierOperator,
  },
  ExternalDNS: {
    InstancesFound: found,
    InstancesAvailable: available,
    ArgumentsRead: readable,
    ZonesCovered: coverage,
    NothingLeftOut: effect,
    SetUp: setUp,
    PrefixPerCluster: prefixPerCluster,
    OwnerPerCluster: ownerPerCluster,
    SyncWithSharedOwner: syncWithSharedOwner,
    SyncOverGateways: syncOverGateways,
    PrefixKnown: prefixKnown,
    OwnershipNames: ownershipNames,
    RecordTypes: recordTypes,
    AnnotationFilter: annotationFilter,
    PolicyNamed: policyNamed,
    OtherSources: otherSources,
    Events: events,
  },
  Failover: { Nameservers: nameservers, Gate: gate },
  Ingress: { LoadBalancers: loadBalancers, TLSSecrets: tlsSecrets, TLSExpiry: tlsExpiry, TLSHosts: tlsHosts },
  Zones: { ZoneSize: zoneSize, ClaimableHosts: claimableHosts },
}
