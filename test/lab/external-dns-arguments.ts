/**
 * | kind     | what it writes             | owner id    | TXT prefix      | policy      |
 * | -------- | -------------------------- | ----------- | --------------- | ----------- |
 * | routes   | the CNAMEs of routes       | the cluster | of routes       | sync        |
 * | gateways | the addresses of gateways  | the zone    | of gateways     | upsert-only |
 * | single   | both, where there is no split | the zone | one for both    | upsert-only |
 */
export type InstanceKind = 'routes' | 'gateways' | 'single'

/** One ExternalDNS: every cluster runs those of one set-up for every zone. */
export interface Instance {
  readonly kind: InstanceKind
  /** The cluster that it runs in, such as `aks01-weu`. */
  readonly cluster: string
  /** Of the zone that it writes. */
  readonly region: string
  /** The name of the zone. */
  readonly domain: string
}

/** What may differ between set-ups that work, and in those that are shown not to. */
export interface Ownership {
  readonly ownerId: string
  readonly txtPrefix: string
  readonly policy: 'sync' | 'upsert-only'
}

/** As DNSConfiguration has them: `txtPrefix` and `gatewayTxtPrefix`. */
export const txtPrefixOf: Readonly<Record<InstanceKind, string>> = {
  routes: 'sr-',
  gateways: 'srgw-',
  single: 'sr-',
}

export const ownershipOf = ({ kind, cluster, region }: Instance): Ownership => ({
  ownerId: kind === 'routes' ? cluster : `zone-${region}`,
  txtPrefix: txtPrefixOf[kind],
  policy: kind === 'routes' ? 'sync' : 'upsert-only',
})

export const labelFilterOf = ({ kind, region }: Instance): string => {
  const ofRegion = `router.io/region=${region}`
  if (kind === 'routes') return `${ofRegion},router.io/serviceroute`
  return kind === 'gateways' ? `${ofRegion},router.io/resource-type=gateway-service` : ofRegion
}

export const recordTypesOf = ({ kind }: Instance): readonly string[] =>
  kind === 'routes' ? ['CNAME'] : ['A', 'AAAA', 'CNAME']

/** What makes an instance what it is, whatever the provider and the cluster. docs/externaldns.md shows these. */
export const instanceArguments = (
  instance: Instance,
  { ownerId, txtPrefix, policy }: Ownership = ownershipOf(instance),
): readonly string[] => [
  '--source=crd',
  '--crd-source-apiversion=externaldns.k8s.io/v1alpha1',
  '--crd-source-kind=DNSEndpoint',
  `--label-filter=${labelFilterOf(instance)}`,
  `--domain-filter=${instance.domain}`,
  ...recordTypesOf(instance).map(type => `--managed-record-types=${type}`),
  `--policy=${policy}`,
  '--registry=txt',
  `--txt-owner-id=${ownerId}`,
  `--txt-prefix=${txtPrefix}`,
]

/** The same as values of ExternalDNS's Helm chart. */
export const instanceValues = (instance: Instance) => {
  const { ownerId, txtPrefix, policy } = ownershipOf(instance)
  return {
    fullnameOverride: `external-dns-${instance.region}-${instance.kind}`,
    sources: ['crd'],
    labelFilter: labelFilterOf(instance),
    domainFilters: [instance.domain],
    managedRecordTypes: recordTypesOf(instance),
    policy,
    registry: 'txt',
    txtOwnerId: ownerId,
    txtPrefix,
  }
}

interface BindZone {
  readonly name: string
  readonly address: string
  readonly port: number
}

/** How it reaches a BIND that takes changes from anybody, which only a lab's does. */
export const bindArguments = (zone: BindZone): readonly string[] => [
  '--provider=rfc2136',
  `--rfc2136-host=${zone.address}`,
  `--rfc2136-port=${zone.port}`,
  `--rfc2136-zone=${zone.name}`,
  '--rfc2136-insecure',
  '--rfc2136-tsig-axfr',
]
