import type { RegionFailoverSpec } from '../../api/region-failover.ts'
import type { Evaluation, Judged } from '../evaluate.ts'
import type { SeenClaim } from '../failover/claims.ts'
import { type FailoverMemory, failoverMemory } from '../failover/memory.ts'
import { missingPostfixes } from '../failover/postfixes.ts'
import { isRedirected, type StandInName, standInNames } from '../failover/redirected.ts'
import type { StandIn, StandInZone } from '../failover/stand-in.ts'
import { probeFields } from './probe.ts'
import { type Fields, ready, type Stated } from './stated.ts'

/** How long a zone counts as contended after it last answered otherwise. */
const contendedMs = 300_000
const mostHistory = 20

export const failoverStatus = (failover: Judged<RegionFailoverSpec>, evaluation: Evaluation): Fields => {
  const { resource, trouble } = failover
  const before = failoverMemory(resource.object)
  const standIn = evaluation.standIns.find(candidate => candidate.resource === resource)
  const probed = probeFields(failover, before, evaluation.world)
  const kept = {
    ...probed.fields,
    ...(before.epoch === undefined ? {} : { epoch: before.epoch }),
    ...(before.history.length === 0 ? {} : { history: before.history }),
  }
  if (standIn === undefined || trouble !== undefined)
    return {
      ...kept,
      ...(before.state === undefined ? {} : { state: before.state }),
      conditions: [trouble === undefined ? waiting : ready(failover), ...probed.conditions],
    }
  const { world, pairs } = evaluation
  const names = standInNames(standIn, pairs, world)
  const missing = missingPostfixes(standIn, pairs, world)
  const isActive = standIn.state === 'Engaged' || standIn.state === 'Claiming'
  const zones = standIn.zones.map(zone =>
    zoneStatus(zone, standIn, { names, before, now: world.settings.now }),
  )
  const contended = zones.flatMap(({ region, contendedAt }) => (contendedAt === undefined ? [] : region))
  const history = withNews(before, standIn, world.settings.now)
  return {
    phase: phases[standIn.state],
    ...kept,
    state: standIn.state,
    ...(standIn.epoch === 0 ? {} : { epoch: standIn.epoch }),
    zones,
    ...(isActive
      ? {
          postfixes: pairs
            .map(({ spec }) => spec.targetPostfix)
            .filter(postfix => !missing.includes(postfix))
            .sort(),
        }
      : {}),
    ...(missing.length === 0 ? {} : { missingPostfixes: missing.toSorted() }),
    ...(history.length === 0 ? {} : { history }),
    conditions: [
      readiness(standIn),
      engagement(standIn),
      ...(isActive ? [contention(contended)] : []),
      ...probed.conditions,
    ],
  }
}

const phases: Readonly<Record<StandIn['state'], string>> = {
  Standby: 'Pending',
  Claiming: 'Pending',
  Engaged: 'Active',
  Releasing: 'Pending',
  Blocked: 'Error',
  Withdrawn: 'Error',
}

const waiting: Stated = {
  type: 'Ready',
  status: 'False',
  reason: 'ClusterIdentityNotAvailable',
  message: 'waiting for a valid ClusterIdentity',
}

const readiness = ({ state, why }: StandIn): Stated =>
  state === 'Blocked' || state === 'Withdrawn'
    ? { type: 'Ready', status: 'False', reason: state, message: why }
    : { type: 'Ready', status: 'True', reason: 'ReconciliationSucceeded', message: why }

const engagement = ({ state, why, code }: StandIn): Stated =>
  state === 'Engaged'
    ? { type: 'Engaged', status: 'True', reason: 'StandingIn', message: why }
    : {
        type: 'Engaged',
        status: 'False',
        reason: code ?? (state === 'Standby' ? 'NotEngaged' : state),
        message: why,
      }

const contention = (zones: readonly string[]): Stated =>
  zones.length === 0
    ? {
        type: 'Contended',
        status: 'False',
        reason: 'NotContended',
        message: 'no zone has answered otherwise after it was redirected',
      }
    : {
        type: 'Contended',
        status: 'True',
        reason: 'Contended',
        message: `zone ${zones.join(', ')} goes back to other addresses: take the home cluster's right to write DNS away (docs/failover.md)`,
      }

interface ZoneStatus {
  readonly region: string
  readonly claim: string
  readonly redirected?: boolean
  readonly contendedAt?: string
}

const zoneStatus = (
  { zone, seen, isOpen }: StandInZone,
  standIn: StandIn,
  {
    names,
    before,
    now,
  }: { readonly names: readonly StandInName[]; readonly before: FailoverMemory; readonly now: string },
): ZoneStatus => {
  const base = { region: zone, claim: claimWord(seen, standIn) }
  if (!isOpen || standIn.claim === undefined) return base
  const known = before.zones.find(({ region }) => region === zone)
  const here = names.filter(name => name.zone === zone)
  const wasRedirected = known?.redirected === true
  const isOther = wasRedirected && here.some(name => name.there !== undefined && !isRedirected(name))
  const at = isOther ? now : known?.contendedAt
  const isRecent = at !== undefined && Date.parse(now) - Date.parse(at) < contendedMs
  return {
    ...base,
    redirected: wasRedirected || (here.length > 0 && here.every(isRedirected)),
    ...(isRecent ? { contendedAt: at } : {}),
  }
}

const claimWord = (seen: SeenClaim, { claim }: StandIn): string => {
  switch (seen.state) {
    case 'claim':
      return seen.claim.holder === claim?.holder && seen.claim.epoch === claim.epoch ? 'Ours' : 'Other'
    case 'strange':
      return 'Other'
    case 'absent':
      return 'Absent'
    case 'silent':
      return 'NoAnswer'
    default:
      return 'NotRead'
  }
}

/** The history with what has happened since, the newest first. */
const withNews = (before: FailoverMemory, standIn: StandIn, now: string): FailoverMemory['history'] => {
  const { history } = before
  const event =
    standIn.state === before.state
      ? undefined
      : standIn.state === 'Standby'
        ? before.state === 'Releasing'
          ? 'Released'
          : undefined
        : standIn.state === 'Engaged' || standIn.state === 'Withdrawn' || standIn.state === 'Claiming'
          ? standIn.state
          : undefined
  if (event === undefined) return history
  const { reason } = standIn.resource.spec ?? {}
  const entry = { time: now, event, epoch: standIn.epoch, ...(reason ? { reason } : {}) }
  return [entry, ...history].slice(0, mostHistory)
}
