import type { KubeObject } from '../api/object.ts'
import type { Answers } from './failover/answers.ts'
import type { ProbeReports } from './failover/automatic/report.ts'
import type { Readings } from './readings.ts'

/** Everything that the engine knows of the world, gathered beforehand. */
export interface Snapshot {
  /** Objects of the router kinds, Services and Namespaces, each key once, in any order. */
  readonly inputs: readonly KubeObject[]
  /** Those of `inputs` that came from files: they are new or edited, and unknown fields in them are errors. */
  readonly fromFiles: ReadonlySet<KubeObject>
  /** DNSEndpoints and Istio Gateways as they are now, ours and others'. */
  readonly current: readonly KubeObject[]
  readonly settings: Settings
}

export interface Settings {
  /** Namespace of the Gateway that a ServiceRoute means when it names none. */
  readonly defaultGatewayNamespace: string
  /** The apiVersion under which Istio's Gateway is served, or undefined where there is no Istio. */
  readonly istioApiVersion: string | undefined
  /** Regions to add to adoptsRegions, for a what-if. */
  readonly adopt: readonly string[]
  /** How many held-back records may go through; it counts only when it is the exact number. */
  readonly allowDeletes: number | undefined
  /**
   * What the zones answer to the questions of failover/questions.ts; undefined where no zone is asked at all, as in a
   * plan from files.
   */
  readonly answers: Answers | undefined
  /** What probing other clusters has found; undefined where nobody probes, and statuses keep what they say of it. */
  readonly probes: ProbeReports | undefined
  /** What the zones have of routes' records; undefined where nobody looks, and statuses keep what they say of it. */
  readonly readings: Readings | undefined
  /** Between two looks at the zones. A claim that cannot be seen counts after two of these. */
  readonly intervalSeconds: number
  /** RFC 3339, for lastTransitionTime. */
  readonly now: string
}

export const defaultSettings: Settings = {
  defaultGatewayNamespace: 'istio-system',
  istioApiVersion: 'networking.istio.io/v1',
  adopt: [],
  allowDeletes: undefined,
  answers: undefined,
  probes: undefined,
  readings: undefined,
  intervalSeconds: 30,
  now: '1970-01-01T00:00:00Z',
}
