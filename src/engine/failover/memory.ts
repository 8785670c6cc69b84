import * as v from 'valibot'
import { maxEpoch } from '../../api/claims.ts'
import { type ClusterIdentityStatus, orphanedRecord } from '../../api/cluster-identity.ts'
import type { KubeObject } from '../../api/object.ts'
import {
  automaticStatus,
  failoverHistoryEntry,
  failoverZoneStatus,
  probedAddress,
  probeStatus,
  type RegionFailoverStatus,
} from '../../api/region-failover.ts'

/**
 * What statuses remember from one pass to the next. Anybody who may write them may have written anything, so only what is
 * as it should be counts.
 */
export interface FailoverMemory {
  readonly state: string | undefined
  readonly epoch: number | undefined
  readonly zones: NonNullable<RegionFailoverStatus['zones']>
  readonly history: NonNullable<RegionFailoverStatus['history']>
  readonly probe: RegionFailoverStatus['probe']
  readonly automatic: RegionFailoverStatus['automatic']
}

export interface IdentityMemory {
  readonly yielded: { readonly holder: string; readonly epoch: number } | undefined
  readonly orphaned: NonNullable<ClusterIdentityStatus['orphaned']>
}

export const failoverMemory = (object: KubeObject): FailoverMemory => {
  const { state, epoch, zones, history, probe, automatic } = fieldsOf(object)
  return {
    state: typeof state === 'string' ? state : undefined,
    epoch: isEpoch(epoch) ? epoch : undefined,
    zones: listOf(failoverZoneStatus, zones),
    history: listOf(failoverHistoryEntry, history),
    probe: v.is(probeStatus, probe)
      ? { ...probe, addresses: listOf(probedAddress, probe.addresses) }
      : undefined,
    automatic: v.is(automaticStatus, automatic) ? automatic : undefined,
  }
}

export const identityMemory = (object: KubeObject): IdentityMemory => {
  const { yielded, orphaned } = fieldsOf(object)
  const { holder, epoch } = (yielded ?? {}) as { readonly holder?: unknown; readonly epoch?: unknown }
  return {
    yielded: typeof holder === 'string' && isEpoch(epoch) ? { holder, epoch } : undefined,
    orphaned: listOf(orphanedRecord, orphaned),
  }
}

const fieldsOf = ({ status }: KubeObject): Readonly<Record<string, unknown>> =>
  (status ?? {}) as Readonly<Record<string, unknown>>

/** The epoch that an annotation names; 0 where it names none. */
export const epochIn = ({ metadata }: KubeObject, annotation: string): number => {
  const text = metadata.annotations?.[annotation] ?? ''
  return /^[0-9]{1,7}$/.test(text) ? Number(text) : 0
}

const isEpoch = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= maxEpoch

const listOf = <Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema>[] =>
  Array.isArray(value) ? value.filter(item => v.is(schema, item)) : []
