import type { DNSEndpointSpec } from '../api/foreign.ts'
import { type KubeObject, refOf } from '../api/object.ts'
import { canonical } from '../engine/addresses.ts'
import { endpointsOf } from '../engine/current.ts'
import type { Writer } from '../engine/derive/wanted.ts'
import type { Finding } from '../engine/finding.ts'

/** One record set in a hand-made DNSEndpoint, in the form in which srouter would write it. */
export interface Original {
  readonly object: KubeObject
  /** Its place in `spec.endpoints`. */
  readonly index: number
  readonly writer: Writer
  readonly name: string
  readonly type: string
  /** Null where none is set. */
  readonly ttl: number | null
  /** Sorted. */
  readonly targets: readonly string[]
  /** It says more than name, type, TTL and targets. */
  readonly hasRouting: boolean
}

/** Why something stays as it is. */
export interface Reason {
  readonly code: string
  readonly message: string
  readonly hint: string
}

/** `CNAME api.example.com in zone weu` */
export const named = ({ type, name, writer }: Pick<Original, 'type' | 'name' | 'writer'>): string =>
  `${type} ${name} in zone ${writer.zone}`

/** One record of one ExternalDNS instance, as ExternalDNS tells them apart. */
export const recordKey = (controller: string, name: string, type: string): string =>
  `${controller} ${name} ${type}`

export const keyOfOriginal = ({ writer, name, type }: Original): string =>
  recordKey(writer.controller, name, type)

/** What stays hand-made is no mistake: nothing happens to it. */
export const leftOut = (original: Original, { code, message, hint }: Reason): Finding => ({
  code,
  severity: 'warning',
  message: `${named(original)}: ${message}`,
  hint,
  resource: refOf(original.object),
  subject: original.object,
  path: ['spec', 'endpoints', original.index],
})

/**
 * The record sets of one DNSEndpoint. Names and CNAME targets in one form: lower case, and without the dot at their end,
 * which means nothing to ExternalDNS.
 */
export const originalsOf = (object: KubeObject, writer: Writer): readonly Original[] => {
  const listed: readonly unknown[] = listOf(object)
  const legal = new Set<unknown>(endpointsOf(object))
  return listed.flatMap((endpoint, index) => {
    if (!legal.has(endpoint)) return []
    const { dnsName, recordType, recordTTL, targets, ...rest } = endpoint as Endpoint
    const type = recordType.toUpperCase()
    return [
      {
        object,
        index,
        writer,
        name: canonical(dnsName),
        type,
        ttl: recordTTL || null,
        targets: (type === 'CNAME' ? targets.map(canonical) : [...targets]).sort(),
        hasRouting: saysMore(rest),
      },
    ]
  })
}

interface Endpoint {
  readonly dnsName: string
  readonly recordType: string
  readonly recordTTL?: number
  readonly targets: readonly string[]
  readonly setIdentifier?: unknown
  readonly providerSpecific?: unknown
}

const listOf = (object: KubeObject): readonly unknown[] => {
  const endpoints: unknown = (object.spec as DNSEndpointSpec | undefined)?.endpoints
  return Array.isArray(endpoints) ? endpoints : []
}

/** Labels of an endpoint are ExternalDNS's own bookkeeping. */
const saysMore = ({
  setIdentifier,
  providerSpecific,
}: Pick<Endpoint, 'setIdentifier' | 'providerSpecific'>): boolean =>
  Boolean(setIdentifier) || (Array.isArray(providerSpecific) && providerSpecific.length > 0)

/** What is in `spec.endpoints` and is no record set. */
export const malformed = (object: KubeObject): readonly Finding[] => {
  const legal = new Set<unknown>(endpointsOf(object))
  return listOf(object).flatMap((endpoint, index) =>
    legal.has(endpoint)
      ? []
      : [
          {
            code: 'InvalidEndpoint',
            severity: 'warning' as const,
            message: 'this is no record: it lacks dnsName, recordType or targets, or one of them is no text',
            hint: 'correct it, or remove it',
            resource: refOf(object),
            subject: object,
            path: ['spec', 'endpoints', index],
          },
        ],
  )
}
