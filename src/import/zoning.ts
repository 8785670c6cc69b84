import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import type { ExternalDNSController } from '../api/dns-configuration.ts'
import type { DNSPolicySpec } from '../api/dns-policy.ts'
import { DNSPolicy } from '../api/kinds.ts'
import type { Finding } from '../engine/finding.ts'
import type { World } from '../engine/world.ts'
import { byKey, byText } from '../lib/compare.ts'
import type { Reason } from './original.ts'
import { type Proposed, propose } from './proposal.ts'
import type { Told } from './request.ts'
import { type Host, leave, type Sorted } from './sorted.ts'
import { Votes } from './votes.ts'

export interface Zoning {
  readonly controllers: readonly ExternalDNSController[]
  /** Undefined where the ClusterIdentity is there already. */
  readonly adoptsRegions: readonly string[] | undefined
  readonly policies: readonly Proposed[]
  /** Those whose zones their namespace's policy gives them. */
  readonly hosts: readonly Host[]
  readonly findings: readonly Finding[]
}

/** Names of controllers, as one text. */
type ZoneSet = string

const setFrom = (controllers: Iterable<string>): ZoneSet => [...new Set(controllers)].sort(byText).join(' ')
const zoneSet = ({ records }: Host): ZoneSet => setFrom(records.map(({ writer }) => writer.controller))

/** Which zones each namespace writes today, and the policies that say so. */
export const zoningOf = (
  sorted: Sorted,
  identity: ClusterIdentitySpec,
  isNewIdentity: boolean,
  world: World,
  told: Told,
): Zoning => {
  const controllers = controllersOf(sorted, world, told)
  const all = setFrom(controllers.map(({ name }) => name))
  const adopts = isNewIdentity
    ? adoptedRegions(sorted.hosts, identity.region, controllers, all)
    : (identity.adoptsRegions ?? [])
  const regions = new Set([identity.region, ...adopts])
  const local = setFrom(controllers.filter(({ region }) => regions.has(region)).map(({ name }) => name))
  const modes: Modes = { all, local }
  const policies: Proposed[] = []
  const hosts: Host[] = []
  const findings: Finding[] = []
  const byNamespace = [...Map.groupBy(sorted.hosts, ({ namespace }) => namespace)].sort(([a], [b]) =>
    byText(a, b),
  )
  for (const [namespace, of] of byNamespace) {
    const present = world.policies.get(namespace)?.[0]
    const zones = present === undefined ? bestMode(of, modes) : presentZones(present.spec, identity, modes)
    const fitting = of.filter(host => zones !== undefined && zoneSet(host) === zones)
    hosts.push(...fitting)
    for (const host of of)
      if (!fitting.includes(host)) findings.push(...leave(host.records, zonesDiffer(host, namespace, zones)))
    if (present === undefined && zones !== undefined && fitting.length > 0)
      policies.push(policyFor(namespace, zones, modes, identity, of.length - fitting.length))
  }
  return {
    controllers,
    adoptsRegions: isNewIdentity ? adopts : undefined,
    policies,
    hosts: hosts.sort((a, b) => byText(a.host, b.host)),
    findings,
  }
}

interface Modes {
  /** What RegionBound writes. */
  readonly all: ZoneSet
  /** What Active writes. */
  readonly local: ZoneSet
}

/** Those of the DNSConfiguration, else those that were told of and those that write what can be derived. */
const controllersOf = (
  { hosts, targets }: Sorted,
  world: World,
  told: Told,
): readonly ExternalDNSController[] => {
  if (world.configuration.state === 'one') return world.controllers
  const found = new Map(told.controllers.map(controller => [controller.name, controller]))
  for (const { records } of [...hosts, ...targets])
    for (const { writer } of records)
      if (!found.has(writer.controller))
        found.set(writer.controller, { name: writer.controller, region: writer.zone })
  return [...found.values()].sort(byKey(({ name }) => name))
}

/** What most hosts need that are not in every zone: this region's, where it has any, and those of further regions. */
const adoptedRegions = (
  hosts: readonly Host[],
  region: string,
  controllers: readonly ExternalDNSController[],
  all: ZoneSet,
): readonly string[] => {
  const regionOf = new Map(controllers.map(controller => [controller.name, controller.region]))
  const hasZone = controllers.some(each => each.region === region)
  const votes = new Votes()
  for (const host of hosts) {
    const regions = new Set(host.records.map(({ writer }) => regionOf.get(writer.controller) ?? ''))
    const whole = setFrom(controllers.filter(each => regions.has(each.region)).map(({ name }) => name))
    if ((regions.has(region) || !hasZone) && whole === zoneSet(host) && whole !== all)
      votes.add([...regions].sort(byText).join(' '))
  }
  const [most] = votes.leaders().toSorted((a, b) => a.length - b.length)
  return most === undefined ? [] : most.split(' ').filter(each => each !== region)
}

/** The mode that is right for most hosts of a namespace; undefined where neither is for any. */
const bestMode = (hosts: readonly Host[], { all, local }: Modes): ZoneSet | undefined => {
  const votes = new Votes()
  for (const host of hosts) {
    const zones = zoneSet(host)
    if (zones === all || zones === local) votes.add(zones)
  }
  const leaders = votes.leaders()
  return leaders.includes(local) ? local : leaders[0]
}

/** Undefined where the policy is invalid or another cluster's. */
const presentZones = (
  spec: DNSPolicySpec | undefined,
  { region, cluster }: ClusterIdentitySpec,
  { all, local }: Modes,
): ZoneSet | undefined => {
  const isOurs = (spec?.sourceRegion ?? region) === region && (spec?.sourceCluster ?? cluster) === cluster
  if (spec === undefined || !isOurs) return undefined
  return spec.mode === 'RegionBound' ? all : local
}

const policyFor = (
  namespace: string,
  zones: ZoneSet,
  { all, local }: Modes,
  { region }: ClusterIdentitySpec,
  others: number,
): Proposed => {
  const isActive = zones === local
  const spec = isActive ? { mode: 'Active' } : { mode: 'RegionBound', sourceRegion: region }
  const comments = [
    ...(all === local
      ? []
      : [
          isActive
            ? `Active, because its hosts are in these zones alone: ${zones.replaceAll(' ', ', ')}.`
            : 'RegionBound, because its hosts are in every zone; and of one region, or every cluster would write them.',
        ]),
    ...(others === 0 ? [] : [`${others} of its hosts have other zones, and are left out.`]),
  ]
  return propose(DNSPolicy, { namespace, name: 'dns-policy' }, spec, comments)
}

const zonesDiffer = (host: Host, namespace: string, zones: ZoneSet | undefined): Reason => {
  const own = zoneSet(host).replaceAll(' ', ' and ')
  return {
    code: 'ZonesDiffer',
    message:
      zones === undefined
        ? `the host is written by ${own}, which is neither what an Active nor what a RegionBound DNSPolicy of namespace ${namespace} writes here`
        : `the host is written by ${own}, and the DNSPolicy of namespace ${namespace} stands for ${zones === '' ? 'none' : zones.replaceAll(' ', ' and ')}`,
    hint: 'write it to the same zones as the others, or move its DNSEndpoints to another namespace; then import again',
  }
}
