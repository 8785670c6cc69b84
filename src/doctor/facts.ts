import type { LeaseSpec } from '../api/leases.ts'
import type { KubeObject } from '../api/object.ts'
import type { Reconciliation } from '../engine/engine.ts'
import type { Right } from '../install/rules.ts'

/** What was read, or why it could not be: `not allowed to list deployments.apps`. What is not there is a value. */
export type Reading<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string }

export const known = <T>(value: T): Reading<T> => ({ known: true, value })
export const unknown = (why: string): Reading<never> => ({ known: false, why })

/** A version of a kind that the API server has. */
export interface ServedVersion {
  readonly version: string
  /** Whether it has the status subresource. */
  readonly hasStatus: boolean
  /** The fields of spec that it knows, as `servedFields` has them; undefined where nothing is known of them. */
  readonly fields?: readonly string[] | undefined
}

/** Of a Secret for TLS; its private key is not kept. */
export interface TlsSecret {
  /** PEM. */
  readonly certificate: string | undefined
  readonly hasKey: boolean
}

export interface LeaseFacts {
  /** `srouter-system/srouter` */
  readonly name: string
  readonly spec: LeaseSpec
}

/** All that the checks look at, gathered beforehand. */
export interface Facts {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** By `serviceroutes.routing.router.io`; none where the kind is not installed. */
  readonly served: ReadonlyMap<string, readonly ServedVersion[]>
  /** The router's resources and what they refer to, as the engine sees them. */
  readonly state: Reading<Pick<Reconciliation, 'evaluation' | 'plan'>>
  /** All Deployments, in all namespaces. */
  readonly deployments: Reading<readonly KubeObject[]>
  /** srouter's own, in all namespaces. */
  readonly leases: Reading<readonly LeaseFacts[]>
  /** The earlier operator's. */
  readonly earlierLeases: Reading<readonly LeaseFacts[]>
  /** By `namespace/name`: those that Gateways name. Undefined is not there. */
  readonly secrets: ReadonlyMap<string, Reading<TlsSecret | undefined>>
  /** What `apply` needs and the caller may not. */
  readonly callerLacks: Reading<readonly Right[]>
  /** What the daemon needs and its ServiceAccount may not. */
  readonly daemonLacks: Reading<readonly Right[]>
}
