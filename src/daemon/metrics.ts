import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Reconciliation } from '../engine/engine.ts'
import { isKubeError, type KubeClient } from '../kube/index.ts'
import { createFailoverMetrics, type FailoverMetrics } from './failover-metrics.ts'

export interface Metrics {
  readonly registry: Registry
  passed(scope: 'full' | 'slice' | 'istio', seconds: number): void
  changed(kind: string, action: string, failed: boolean): void
  reconciled(reconciliation: Reconciliation): void
  succeeded(seconds: number): void
  watchRestarted(kind: string, cause: string): void
  leading(isLeader: boolean): void
  /** Asked at every scrape: by zone, the records that it should have and has not. */
  differingFrom(count: () => ReadonlyMap<string, number>): void
  /** See FailoverMetrics. */
  claimAgeFrom(age: () => number | undefined): void
  samplesFrom: FailoverMetrics['samplesFrom']
  decided: FailoverMetrics['decided']
  /** The client, with every request counted. */
  measured(client: KubeClient): KubeClient
}

const latencies = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const phases = ['Active', 'Pending', 'Error']

/** Every metric of the daemon; docs/metrics.md lists them. */
export const createMetrics = (build: { readonly version: string; readonly commit: string }): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  const duration = new Histogram({
    name: 'srouter_reconcile_duration_seconds',
    help: 'Time the engine took, by scope: full, slice (some routes) or istio (hosts of some gateways).',
    labelNames: ['scope'] as const,
    buckets: [0.001, ...latencies],
    registers,
  })
  const changes = new Counter({
    name: 'srouter_changes_total',
    help: 'Objects written, by kind, action and result (done or failed).',
    labelNames: ['kind', 'action', 'result'] as const,
    registers,
  })
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers })
  const findings = gauge('srouter_findings', 'Findings of the last full comparison.', 'code', 'severity')
  const routes = gauge('srouter_routes', 'ServiceRoutes by phase.', 'phase')
  const gateways = gauge('srouter_gateways', 'Gateways by phase.', 'phase')
  const policies = gauge('srouter_policies', 'DNSPolicies by phase.', 'phase')
  const records = gauge('srouter_records', 'DNS record sets by zone.', 'zone')
  let differing: () => ReadonlyMap<string, number> = () => new Map()
  new Gauge({
    name: 'srouter_records_differing',
    help: "Records of routes that ExternalDNS has read and a zone's servers do not have, by zone; absent where none can be asked.",
    labelNames: ['zone'] as const,
    registers,
    collect() {
      this.reset()
      for (const [zone, count] of differing()) this.set({ zone }, count)
    },
  })
  const held = gauge('srouter_brake_held_records', 'Record changes that the brake holds back.')
  const leader = gauge('srouter_leader', '1 where this replica leads, else 0.')
  const success = gauge(
    'srouter_last_full_success_timestamp_seconds',
    'When everything was last as it should be, in seconds since the epoch.',
  )
  const restarts = new Counter({
    name: 'srouter_watch_restarts_total',
    help: 'Watches opened anew, by kind and cause: ended, silent, expired or failed.',
    labelNames: ['kind', 'cause'] as const,
    registers,
  })
  const requests = new Histogram({
    name: 'srouter_api_request_duration_seconds',
    help: 'Time that requests to the API server took, repetitions included, by verb and resource.',
    labelNames: ['verb', 'resource'] as const,
    buckets: latencies,
    registers,
  })
  const errors = new Counter({
    name: 'srouter_api_errors_total',
    help: 'Requests to the API server that failed, by verb, resource and HTTP status (0: no answer).',
    labelNames: ['verb', 'resource', 'status'] as const,
    registers,
  })
  gauge('srouter_build_info', 'Always 1.', 'version', 'commit').set(
    { version: build.version, commit: build.commit },
    1,
  )
  const failover = createFailoverMetrics(registry)
  leader.set(0)
  held.set(0)

  const measuredJson =
    (client: KubeClient): KubeClient['json'] =>
    async request => {
      const resource = 'kind' in request.on ? request.on.kind.plural : request.on.path
      const labels = { verb: request.verb, resource }
      const end = requests.startTimer(labels)
      try {
        return await client.json(request)
      } catch (thrown) {
        errors.inc({ ...labels, status: isKubeError(thrown) ? thrown.status : 0 })
        throw thrown
      } finally {
        end()
      }
    }

  return {
    registry,
    passed: (scope, seconds) => duration.observe({ scope }, seconds),
    changed: (kind, action, failed) => changes.inc({ kind, action, result: failed ? 'failed' : 'done' }),
    reconciled: ({ evaluation, plan, verdict }) => {
      findings.reset()
      for (const { code, severity } of plan.findings) findings.inc({ code, severity })
      countPhases(routes, evaluation.routes)
      countPhases(gateways, evaluation.gateways)
      countPhases(policies, evaluation.policies)
      records.reset()
      for (const [zone, count] of plan.zones) records.set({ zone }, count)
      held.set(verdict.held.length)
      failover.reconciled({ evaluation })
    },
    succeeded: seconds => success.set(seconds),
    watchRestarted: (kind, cause) => restarts.inc({ kind, cause }),
    differingFrom: count => {
      differing = count
    },
    claimAgeFrom: failover.ageFrom,
    samplesFrom: failover.samplesFrom,
    decided: failover.decided,
    leading: isLeader => leader.set(isLeader ? 1 : 0),
    measured: client => ({ ...client, json: measuredJson(client) }),
  }
}

const countPhases = (
  gauge: Gauge<'phase'>,
  judged: readonly { readonly trouble: { readonly effect: string } | undefined }[],
): void => {
  const counts = new Map(phases.map(phase => [phase, 0]))
  for (const { trouble } of judged) {
    const phase = trouble === undefined ? 'Active' : trouble.effect === 'error' ? 'Error' : 'Pending'
    counts.set(phase, (counts.get(phase) ?? 0) + 1)
  }
  for (const [phase, count] of counts) gauge.set({ phase }, count)
}
