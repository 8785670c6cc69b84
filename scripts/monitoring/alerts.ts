/** What is worth waking somebody for, and what can wait for the morning. */
export type Severity = 'critical' | 'warning'

export interface Alert {
  readonly alert: string
  readonly expr: string
  /** How long before it fires; at once where it is absent. */
  readonly for?: string
  readonly severity: Severity
  /** With Prometheus' templates, for what differs. */
  readonly summary: string
  /** What it means, and what to do. */
  readonly description: string
}

/**
 * Gauges of what was found are those of the last full comparison of a replica, and one that has lost the Lease still
 * shows its last. `instance` is a label that every target has.
 */
const ofLeader = (expression: string): string => `(${expression}) and on (instance) (srouter_leader == 1)`

/** A code of a finding, of how many resources. */
const finding = (code: string): string => `sum(${ofLeader(`srouter_findings{code="${code}"}`)}) > 0`

/** Where no address of a role answers: one of several is no region that failed. */
const silent = (role: 'peer' | 'own' | 'witness'): string =>
  `max by (failover, instance) (${ofLeader(`srouter_probe_up{role="${role}"}`)}) == 0`

/** For one Prometheus with one cluster; docs/operations.md has a row for each. */
export const alerts: readonly Alert[] = [
  {
    alert: 'SrouterDown',
    expr: 'absent(srouter_build_info)',
    for: '10m',
    severity: 'critical',
    summary: 'No srouter is running, or none is scraped',
    description:
      'Every record stays as it is, and no change reaches DNS. Look at the Deployment srouter and at the targets of ' +
      'Prometheus. A failover can be started without the daemon.',
  },
  {
    alert: 'SrouterWithoutLeader',
    expr: 'sum(srouter_leader) == 0',
    for: '5m',
    severity: 'critical',
    summary: 'srouter runs, and no replica works',
    description:
      'No change reaches DNS. Look at the log for what keeps the replicas from the Lease srouter: rights, or an API ' +
      'server that is too slow.',
  },
  {
    alert: 'SrouterSeveralLeaders',
    expr: 'sum(srouter_leader) > 1',
    for: '5m',
    severity: 'critical',
    summary: '{{ $value }} replicas of srouter work at the same time',
    description:
      'A moment is normal, because a leader that was killed is scraped no more. For minutes it means two ' +
      'installations in one cluster, or --leader-elect=false: leave one.',
  },
  {
    alert: 'SrouterStale',
    expr: 'time() - max(srouter_last_full_success_timestamp_seconds) > 600',
    for: '5m',
    severity: 'critical',
    summary: 'For {{ $value | humanizeDuration }} not everything has been as it should be',
    description:
      'Twenty intervals have passed without everything being found or made as it should be. The log says what could ' +
      'not be read or written.',
  },
  {
    alert: 'SrouterStuck',
    // Where nothing has changed nothing is compared, and all is as it was: that is a success as well.
    expr: ofLeader(
      '(time() - srouter_last_full_success_timestamp_seconds > 600) unless on (instance) ' +
        '(increase(srouter_reconcile_duration_seconds_count{scope="full"}[10m]) > 0)',
    ),
    // A replica that has just begun to lead has succeeded in nothing for as long as it waited.
    for: '5m',
    severity: 'critical',
    summary: '{{ $labels.instance }} leads, and has not even tried for {{ $value | humanizeDuration }}',
    description:
      'Unlike in SrouterStale nothing fails. Either its loop is stuck, which its liveness probe ends by a restart, or ' +
      'what it waits for does not come: the log and /readyz say which inputs are missing.',
  },
  {
    alert: 'SrouterWatchBroken',
    expr: 'sum by (kind) (increase(srouter_watch_restarts_total{cause="failed"}[10m])) > 10',
    for: '10m',
    severity: 'warning',
    summary: 'The list of {{ $labels.kind }} is stale: its watch fails again and again',
    description:
      'What exists is kept and nothing is deleted because of it, but changes of this kind are not seen. Look at the ' +
      'log: rights, the network, or an API server that is not well.',
  },
  {
    alert: 'SrouterWritesFail',
    expr: 'sum by (kind, action) (increase(srouter_changes_total{result="failed"}[10m])) > 0',
    for: '15m',
    severity: 'warning',
    summary: 'srouter cannot {{ $labels.action }} a {{ $labels.kind }}',
    description:
      'It tries again and again. The log and the condition Ready of the resource have the answer of the API server: ' +
      'most likely a quota, an admission webhook or a missing right.',
  },
  {
    alert: 'SrouterRequestsFail',
    expr: 'sum by (verb, resource, status) (increase(srouter_api_errors_total{status!~"404|409"}[10m])) > 5',
    for: '10m',
    severity: 'warning',
    summary: 'The API server answers {{ $labels.verb }} {{ $labels.resource }} with {{ $labels.status }}',
    description:
      'Status 0 is no answer at all; 401 and 403 are rights, such as roles of another version; 429 and 5xx the API ' +
      'server itself.',
  },
  {
    alert: 'SrouterBrakeTripped',
    expr: ofLeader('srouter_brake_held_records > 0'),
    severity: 'critical',
    summary: 'Changes of records that the brake holds back: {{ $value }}',
    description:
      'Somebody has edited the ClusterIdentity or taken a controller out of the DNSConfiguration. The records are ' +
      'kept. Undo the edit, or look at them with "srouter plan" and let them through with "apply --allow-deletes=N".',
  },
  {
    alert: 'SrouterResourceInError',
    expr: `sum by (code) (${ofLeader('srouter_findings{severity="error"}')}) > 0`,
    for: '15m',
    severity: 'warning',
    summary: 'Resources in error, {{ $labels.code }}: {{ $value }}',
    description:
      'They keep the records that they have. "kubectl get srouter --all-namespaces" shows which; docs/findings.md ' +
      'says what to do about each code.',
  },
  {
    alert: 'SrouterGatewayWithoutAddress',
    expr: finding('LoadBalancerIPPending'),
    for: '10m',
    severity: 'critical',
    summary: 'Gateways without an address: {{ $value }}',
    description:
      'Their load balancer has none, or there is no Service with their label. Address records that exist are kept; ' +
      'there are none for a new Gateway, and its routes lead nowhere.',
  },
  {
    alert: 'SrouterZoneNearlyFull',
    expr: finding('ZoneNearlyFull'),
    severity: 'warning',
    summary: 'A zone has more than 20,000 record sets',
    description: 'Azure Private DNS allows 25,000. Use another zone for some applications.',
  },
  {
    alert: 'SrouterFailoverEngaged',
    expr: ofLeader('srouter_failover_state{state="Engaged"} == 1'),
    severity: 'warning',
    summary: 'This cluster stands in for {{ $labels.failover }}',
    description:
      'Its traffic comes here until "srouter failover end". Where nobody started this, it was automatic: look at ' +
      '"srouter failover status" and at the other cluster.',
  },
  {
    alert: 'SrouterFailoverUnfinished',
    expr: ofLeader('srouter_failover_state{state=~"Claiming|Releasing"} == 1'),
    for: '10m',
    severity: 'critical',
    summary: 'The failover of {{ $labels.failover }} does not get on: {{ $labels.state }}',
    description:
      '"srouter failover status" shows what it waits for; most likely an ExternalDNS that does not write, or a name ' +
      'server that does not answer.',
  },
  {
    alert: 'SrouterFailoverRefused',
    expr: ofLeader('srouter_failover_state{state=~"Blocked|Withdrawn"} == 1'),
    for: '2m',
    severity: 'critical',
    summary: 'This cluster is to stand in for {{ $labels.failover }} and does not: {{ $labels.state }}',
    description:
      'Blocked: it has no gateway with an address, or is itself stood in for. Withdrawn: another cluster holds the ' +
      'claim. "srouter failover status" says which; switch engage off where it is not wanted any more.',
  },
  {
    alert: 'SrouterFailoverContended',
    expr: ofLeader('srouter_failover_contended_zones > 0'),
    severity: 'critical',
    summary: 'Zones that went back to the addresses of {{ $labels.failover }}: {{ $value }}',
    description:
      'Something of the failed cluster still publishes, and clients are sent to and fro. Fence it: take its right to ' +
      'write DNS away, docs/failover.md#contended.',
  },
  {
    alert: 'SrouterYielded',
    expr: ofLeader('srouter_yielded == 1'),
    severity: 'warning',
    summary: 'Another cluster stands in for this one',
    description:
      'The gateways of this cluster publish the addresses of that one. When this cluster is well, end it there with ' +
      '"srouter failover end", or here with "failover reclaim" where that one is gone.',
  },
  {
    alert: 'SrouterClaimNotRead',
    expr: ofLeader('srouter_claim_read_age_seconds > 300'),
    for: '5m',
    severity: 'warning',
    summary: 'For {{ $value | humanizeDuration }} no zone has answered {{ $labels.cluster }}',
    description:
      'So it is not known whether another cluster stands in for this one, and the addresses of its gateways stay as ' +
      'they are. Look at nameservers in the DNSConfiguration, and whether pods reach them.',
  },
  {
    alert: 'SrouterPeerDown',
    expr: silent('peer'),
    for: '1m',
    severity: 'critical',
    summary: 'No gateway of {{ $labels.failover }} answers its probe',
    description:
      'Look at the other cluster. "srouter failover status" says what the probe finds, and whether this cluster ' +
      'stands in by itself; where it does not, docs/failover.md#on-call.',
  },
  {
    alert: 'SrouterAutomaticHeldBack',
    expr: `(${silent('peer')}) and on (failover, instance) (srouter_automatic_state{state="Engaged"} == 0)`,
    for: '5m',
    severity: 'critical',
    summary: '{{ $labels.failover }} is down, and this cluster does not stand in by itself',
    description:
      'Something speaks against it, such as witnesses that are silent or a claim of another cluster: "srouter failover ' +
      'status" names it, docs/automatic-failover.md explains it. A person may decide otherwise: docs/failover.md#on-call.',
  },
  {
    alert: 'SrouterAutomaticEngaged',
    expr: ofLeader('srouter_automatic_state{state="Engaged"} == 1'),
    severity: 'critical',
    summary: 'Decided by the probe, mode {{ $labels.mode }}: to stand in for {{ $labels.failover }}',
    description:
      'In mode Automatic it is done, and lasts until "srouter failover end", or until the other cluster answers where ' +
      'failback is Automatic. In mode Observe nothing was done.',
  },
  {
    alert: 'SrouterAutomaticNotArmed',
    expr: ofLeader('srouter_automatic_state{state="Waiting"} == 1'),
    for: '30m',
    severity: 'warning',
    summary: 'The probe has not found {{ $labels.failover }} up, so it would not be stood in for',
    description:
      'A probe that never succeeds may be wrong. "srouter failover status" says what each address answers: look at ' +
      'host, path and certificate of the probe, and at the NetworkPolicy.',
  },
  {
    alert: 'SrouterOwnGatewaysSilent',
    expr: silent('own'),
    for: '5m',
    severity: 'warning',
    summary: 'The gateways of this cluster do not answer the probe of {{ $labels.failover }}',
    description:
      'So this cluster does not stand in by itself. Does it serve the host of the probe, and may srouter reach its ' +
      'own load balancers?',
  },
  {
    alert: 'SrouterWitnessesSilent',
    expr: silent('witness'),
    for: '5m',
    severity: 'warning',
    summary: 'No witness for {{ $labels.failover }} answers',
    description:
      'So it cannot be told whether the other cluster is down or this one cut off, and this cluster does not stand ' +
      'in by itself. Look at the witnesses, and at the egress of srouter.',
  },
]
