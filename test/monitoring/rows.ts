/** What each alert fires on, and what it does not: series as promtool writes them, one value a minute. */
export interface Row {
  readonly alert: string
  /** Nothing fires. */
  readonly quiet: readonly Series[]
  readonly firing: readonly Series[]
  /** When it fires, and not a minute earlier. */
  readonly at: string
  /** Beside the alert's own. */
  readonly labels: Readonly<Record<string, string>>
  readonly summary: string
}

type Series = readonly [series: string, values: string]

const leads = (instance: string, values = '1+0x120'): Series => [
  `srouter_leader{instance="${instance}"}`,
  values,
]
const waits = (instance: string): Series => leads(instance, '0+0x120')
const steadily = (values: string): string => `${values}x120`

/** A gauge that the leader has, and that a replica which leads no more still shows. */
const gauge = (
  name: string,
  labels: string,
  { quiet, firing }: { readonly quiet: string; readonly firing: string },
): Pick<Row, 'quiet' | 'firing'> => {
  const series = (instance: string, values: string): Series => [
    `${name}{instance="${instance}"${labels === '' ? '' : `,${labels}`}}`,
    steadily(values),
  ]
  return {
    quiet: [leads('a'), series('a', quiet), waits('b'), series('b', firing)],
    firing: [leads('a'), series('a', firing), waits('b'), series('b', quiet)],
  }
}

const state = (now: string) =>
  gauge('srouter_failover_state', `failover="aks01-weu",state="${now}"`, { quiet: '0+0', firing: '1+0' })
const ofFailover = (now: string) => ({ instance: 'a', failover: 'aks01-weu', state: now })
const findings = (code: string) => ({
  ...gauge('srouter_findings', `code="${code}",severity="warning"`, { quiet: '0+0', firing: '2+0' }),
  labels: {},
})

const compared = (
  instance: string,
  { succeeded, full }: { readonly succeeded: string; readonly full: string },
): readonly Series[] => [
  [`srouter_last_full_success_timestamp_seconds{instance="${instance}"}`, succeeded],
  [`srouter_reconcile_duration_seconds_count{instance="${instance}",scope="full"}`, full],
  [`srouter_reconcile_duration_seconds_count{instance="${instance}",scope="slice"}`, '0+2x120'],
]

/** Two addresses: one that answers is enough. */
const probes = (role: string): Pick<Row, 'quiet' | 'firing'> => {
  const probe = (address: string, values: string): Series => [
    `srouter_probe_up{instance="a",failover="aks01-weu",role="${role}",address="${address}"}`,
    steadily(values),
  ]
  return {
    quiet: [leads('a'), probe('10.1.0.10', '0+0'), probe('10.1.0.11', '1+0')],
    firing: [leads('a'), probe('10.1.0.10', '0+0'), probe('10.1.0.11', '0+0')],
  }
}
const ofProbes = { instance: 'a', failover: 'aks01-weu' }
const automatic = (now: string, values: string): Series => [
  `srouter_automatic_state{instance="a",failover="aks01-weu",mode="Observe",state="${now}"}`,
  steadily(values),
]

export const rows: readonly Row[] = [
  {
    alert: 'SrouterDown',
    quiet: [['srouter_build_info{instance="a"}', '1+0x120']],
    firing: [['up{instance="a"}', '0+0x120']],
    at: '10m',
    labels: {},
    summary: 'No srouter is running, or none is scraped',
  },
  {
    alert: 'SrouterWithoutLeader',
    quiet: [leads('a'), waits('b')],
    firing: [waits('a'), waits('b')],
    at: '5m',
    labels: {},
    summary: 'srouter runs, and no replica works',
  },
  {
    alert: 'SrouterSeveralLeaders',
    // Four minutes, as after a leader was cut off.
    quiet: [leads('a'), leads('b', '0+0x10 1+0x3 0+0x100')],
    firing: [leads('a'), leads('b')],
    at: '5m',
    labels: {},
    summary: '2 replicas of srouter work at the same time',
  },
  {
    alert: 'SrouterStale',
    // Promtool's clock begins at 0, and so does what the other replica has never set.
    quiet: [
      ['srouter_last_full_success_timestamp_seconds{instance="a"}', '0+60x120'],
      ['srouter_last_full_success_timestamp_seconds{instance="b"}', '0+0x120'],
    ],
    firing: [['srouter_last_full_success_timestamp_seconds{instance="a"}', '0+0x120']],
    at: '16m',
    labels: {},
    summary: 'For 16m 0s not everything has been as it should be',
  },
  {
    alert: 'SrouterStuck',
    quiet: [
      // Nothing changes, and nothing has to be compared.
      leads('a'),
      ...compared('a', { succeeded: '0+60x120', full: '7+0x120' }),
      // Something fails, again and again.
      leads('b'),
      ...compared('b', { succeeded: '0+0x120', full: '0+2x120' }),
      waits('c'),
      ...compared('c', { succeeded: '0+0x120', full: '7+0x120' }),
    ],
    firing: [leads('a'), ...compared('a', { succeeded: '0+0x120', full: '0 5 7+0x120' })],
    at: '16m',
    labels: { instance: 'a' },
    summary: 'a leads, and has not even tried for 16m 0s',
  },
  {
    alert: 'SrouterWatchBroken',
    quiet: [
      ['srouter_watch_restarts_total{instance="a",kind="Gateway",cause="ended"}', '0+5x120'],
      ['srouter_watch_restarts_total{instance="a",kind="Gateway",cause="failed"}', '0+0.5x120'],
    ],
    firing: [['srouter_watch_restarts_total{instance="a",kind="Gateway",cause="failed"}', '0+2x120']],
    at: '16m',
    labels: { kind: 'Gateway' },
    summary: 'The list of Gateway is stale: its watch fails again and again',
  },
  {
    alert: 'SrouterWritesFail',
    quiet: [
      ['srouter_changes_total{instance="a",kind="DNSEndpoint",action="update",result="done"}', '0+9x120'],
      [
        'srouter_changes_total{instance="a",kind="DNSEndpoint",action="update",result="failed"}',
        '0 1 2+0x120',
      ],
    ],
    firing: [
      ['srouter_changes_total{instance="a",kind="DNSEndpoint",action="update",result="failed"}', '0+1x120'],
    ],
    at: '16m',
    labels: { kind: 'DNSEndpoint', action: 'update' },
    summary: 'srouter cannot update a DNSEndpoint',
  },
  {
    alert: 'SrouterRequestsFail',
    quiet: [
      ['srouter_api_errors_total{instance="a",verb="PATCH",resource="gateways",status="409"}', '0+9x120'],
      ['srouter_api_errors_total{instance="a",verb="PATCH",resource="gateways",status="500"}', '0+0.2x120'],
    ],
    firing: [
      ['srouter_api_errors_total{instance="a",verb="PATCH",resource="gateways",status="403"}', '0+1x120'],
    ],
    at: '16m',
    labels: { verb: 'PATCH', resource: 'gateways', status: '403' },
    summary: 'The API server answers PATCH gateways with 403',
  },
  {
    alert: 'SrouterBrakeTripped',
    ...gauge('srouter_brake_held_records', '', { quiet: '0+0', firing: '12+0' }),
    at: '0m',
    labels: { instance: 'a' },
    summary: 'Changes of records that the brake holds back: 12',
  },
  {
    alert: 'SrouterResourceInError',
    ...gauge('srouter_findings', 'code="HostConflict",severity="error"', { quiet: '0+0', firing: '3+0' }),
    at: '15m',
    labels: { code: 'HostConflict' },
    summary: 'Resources in error, HostConflict: 3',
  },
  {
    alert: 'SrouterGatewayWithoutAddress',
    ...findings('LoadBalancerIPPending'),
    at: '10m',
    summary: 'Gateways without an address: 2',
  },
  {
    alert: 'SrouterZoneNearlyFull',
    ...findings('ZoneNearlyFull'),
    at: '0m',
    summary: 'A zone has more than 20,000 record sets',
  },
  {
    alert: 'SrouterFailoverEngaged',
    ...state('Engaged'),
    at: '0m',
    labels: ofFailover('Engaged'),
    summary: 'This cluster stands in for aks01-weu',
  },
  ...['Claiming', 'Releasing'].map(now => ({
    alert: 'SrouterFailoverUnfinished',
    ...state(now),
    at: '10m',
    labels: ofFailover(now),
    summary: `The failover of aks01-weu does not get on: ${now}`,
  })),
  ...['Blocked', 'Withdrawn'].map(now => ({
    alert: 'SrouterFailoverRefused',
    ...state(now),
    at: '2m',
    labels: ofFailover(now),
    summary: `This cluster is to stand in for aks01-weu and does not: ${now}`,
  })),
  {
    alert: 'SrouterFailoverContended',
    ...gauge('srouter_failover_contended_zones', 'failover="aks01-weu"', { quiet: '0+0', firing: '1+0' }),
    at: '0m',
    labels: { instance: 'a', failover: 'aks01-weu' },
    summary: 'Zones that went back to the addresses of aks01-weu: 1',
  },
  {
    alert: 'SrouterYielded',
    ...gauge('srouter_yielded', '', { quiet: '0+0', firing: '1+0' }),
    at: '0m',
    labels: { instance: 'a' },
    summary: 'Another cluster stands in for this one',
  },
  {
    alert: 'SrouterClaimNotRead',
    ...gauge('srouter_claim_read_age_seconds', 'cluster="aks01-weu"', { quiet: '20+0', firing: '301+0' }),
    at: '5m',
    labels: { instance: 'a', cluster: 'aks01-weu' },
    summary: 'For 5m 1s no zone has answered aks01-weu',
  },
  {
    alert: 'SrouterPeerDown',
    ...probes('peer'),
    at: '1m',
    labels: ofProbes,
    summary: 'No gateway of aks01-weu answers its probe',
  },
  {
    alert: 'SrouterAutomaticHeldBack',
    quiet: [...probes('peer').firing, automatic('Engaged', '1+0')],
    firing: [...probes('peer').firing, automatic('Engaged', '0+0')],
    at: '5m',
    labels: ofProbes,
    summary: 'aks01-weu is down, and this cluster does not stand in by itself',
  },
  {
    alert: 'SrouterAutomaticEngaged',
    quiet: [leads('a'), automatic('Engaged', '0+0'), automatic('Armed', '1+0')],
    firing: [leads('a'), automatic('Engaged', '1+0')],
    at: '0m',
    labels: { ...ofFailover('Engaged'), mode: 'Observe' },
    summary: 'Decided by the probe, mode Observe: to stand in for aks01-weu',
  },
  {
    alert: 'SrouterAutomaticNotArmed',
    quiet: [leads('a'), automatic('Waiting', '0+0'), automatic('Armed', '1+0')],
    firing: [leads('a'), automatic('Waiting', '1+0')],
    at: '30m',
    labels: { ...ofFailover('Waiting'), mode: 'Observe' },
    summary: 'The probe has not found aks01-weu up, so it would not be stood in for',
  },
  {
    alert: 'SrouterOwnGatewaysSilent',
    ...probes('own'),
    at: '5m',
    labels: ofProbes,
    summary: 'The gateways of this cluster do not answer the probe of aks01-weu',
  },
  {
    alert: 'SrouterWitnessesSilent',
    ...probes('witness'),
    at: '5m',
    labels: ofProbes,
    summary: 'No witness for aks01-weu answers',
  },
]
