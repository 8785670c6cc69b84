/** The dashboard for Grafana, as a table; what Grafana wants around it is made below. */

interface Panel {
  readonly title: string
  readonly what?: string
  readonly kind: 'timeseries' | 'stat' | 'table' | 'state-timeline'
  readonly unit?: string
  /** Of 24. */
  readonly width: number
  readonly queries: readonly Query[]
}

interface Query {
  readonly expr: string
  readonly legend?: string
}

const leading = 'and on (instance) (srouter_leader == 1)'
const interval = '[$__rate_interval]'

const rows: readonly (readonly [title: string, panels: readonly Panel[]])[] = [
  [
    'Now',
    [
      stat('Leader', 'Which replica works.', [{ expr: 'srouter_leader == 1', legend: '{{pod}}' }]),
      stat(
        'Last success',
        'Since everything was last as it should be.',
        [{ expr: 'time() - max(srouter_last_full_success_timestamp_seconds)' }],
        's',
      ),
      stat('Records held', 'By the brake.', [{ expr: `max(srouter_brake_held_records ${leading})` }]),
      stat('Errors', 'Findings of severity error.', [
        { expr: `sum(srouter_findings{severity="error"} ${leading}) or vector(0)` },
      ]),
      stat('Gateways without address', undefined, [
        { expr: `sum(srouter_findings{code="LoadBalancerIPPending"} ${leading}) or vector(0)` },
      ]),
      stat('Version', undefined, [
        { expr: 'count by (version) (srouter_build_info)', legend: '{{version}}' },
      ]),
    ],
  ],
  [
    'Failover',
    [
      {
        title: 'State',
        what: 'Of each RegionFailover.',
        kind: 'state-timeline',
        width: 12,
        queries: [{ expr: `(srouter_failover_state == 1) ${leading}`, legend: '{{failover}} {{state}}' }],
      },
      graph('Contended zones', 6, [
        { expr: `srouter_failover_contended_zones ${leading}`, legend: '{{failover}}' },
      ]),
      graph('Yielded, and the age of the claim', 6, [
        { expr: `srouter_yielded ${leading}`, legend: 'yielded' },
        { expr: `srouter_claim_read_age_seconds ${leading}`, legend: 'seconds since a zone answered' },
      ]),
    ],
  ],
  [
    'Probes',
    [
      graph('Answers', 8, [
        { expr: `srouter_probe_up ${leading}`, legend: '{{failover}} {{role}} {{address}}' },
      ]),
      graph(
        'How long they take',
        8,
        [{ expr: `srouter_probe_duration_seconds ${leading}`, legend: '{{failover}} {{role}} {{address}}' }],
        's',
      ),
      {
        title: 'Decision',
        what: 'By the probe, in mode Automatic or Observe.',
        kind: 'state-timeline',
        width: 4,
        queries: [
          { expr: `(srouter_automatic_state == 1) ${leading}`, legend: '{{failover}} {{mode}} {{state}}' },
        ],
      },
      graph('Decisions', 4, [
        {
          expr: `sum by (failover, mode, decision, reason) (increase(srouter_automatic_decisions_total${interval}))`,
          legend: '{{failover}} {{mode}} {{decision}} {{reason}}',
        },
      ]),
    ],
  ],
  [
    'What there is',
    [
      graph('Records by zone', 6, [
        { expr: `srouter_records ${leading}`, legend: '{{zone}}' },
        { expr: `srouter_records_differing ${leading}`, legend: '{{zone}}: not in it' },
      ]),
      graph('ServiceRoutes', 6, [{ expr: `srouter_routes ${leading}`, legend: '{{phase}}' }]),
      graph('Gateways and policies', 6, [
        { expr: `srouter_gateways ${leading}`, legend: 'Gateways {{phase}}' },
        { expr: `srouter_policies ${leading}`, legend: 'DNSPolicies {{phase}}' },
      ]),
      {
        title: 'Findings',
        what: 'docs/findings.md says what each code means.',
        kind: 'table',
        width: 6,
        queries: [{ expr: `sum by (code, severity) (srouter_findings ${leading})` }],
      },
    ],
  ],
  [
    'What it does',
    [
      graph('Objects written', 8, [
        {
          expr: `sum by (kind, action, result) (increase(srouter_changes_total${interval}))`,
          legend: '{{action}} {{kind}} {{result}}',
        },
      ]),
      graph(
        'Time to think, 99th percentile',
        8,
        [
          {
            expr: `histogram_quantile(0.99, sum by (le, scope) (rate(srouter_reconcile_duration_seconds_bucket${interval})))`,
            legend: '{{scope}}',
          },
        ],
        's',
      ),
      graph(
        'Comparisons',
        8,
        [
          {
            expr: `sum by (scope) (rate(srouter_reconcile_duration_seconds_count${interval}))`,
            legend: '{{scope}}',
          },
        ],
        'ops',
      ),
      graph(
        'Requests, 99th percentile',
        8,
        [
          {
            expr: `histogram_quantile(0.99, sum by (le, verb, resource) (rate(srouter_api_request_duration_seconds_bucket${interval})))`,
            legend: '{{verb}} {{resource}}',
          },
        ],
        's',
      ),
      graph('Requests that failed', 8, [
        {
          expr: `sum by (verb, resource, status) (increase(srouter_api_errors_total${interval}))`,
          legend: '{{verb}} {{resource}} {{status}}',
        },
      ]),
      graph('Watches opened anew', 8, [
        {
          expr: `sum by (kind, cause) (increase(srouter_watch_restarts_total${interval}))`,
          legend: '{{kind}} {{cause}}',
        },
      ]),
    ],
  ],
]

function stat(title: string, what: string | undefined, queries: readonly Query[], unit?: string): Panel {
  return {
    title,
    kind: 'stat',
    width: 4,
    queries,
    ...(what === undefined ? {} : { what }),
    ...(unit === undefined ? {} : { unit }),
  }
}

function graph(title: string, width: number, queries: readonly Query[], unit?: string): Panel {
  return { title, kind: 'timeseries', width, queries, ...(unit === undefined ? {} : { unit }) }
}

const datasource = { type: 'prometheus', uid: '$datasource' }
const heights = { stat: 4, timeseries: 8, table: 8, 'state-timeline': 8 } as const

/** Every expression, for whoever wants to check them. */
export const dashboardQueries: readonly string[] = rows.flatMap(([, panels]) =>
  panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)),
)

const panelOf = (panel: Panel, id: number, x: number, y: number) => ({
  id,
  type: panel.kind,
  title: panel.title,
  ...(panel.what === undefined ? {} : { description: panel.what }),
  datasource,
  gridPos: { h: heights[panel.kind], w: panel.width, x, y },
  fieldConfig: { defaults: panel.unit === undefined ? {} : { unit: panel.unit }, overrides: [] },
  ...(panel.kind === 'stat'
    ? { options: { textMode: 'auto', reduceOptions: { calcs: ['lastNotNull'] } } }
    : {}),
  targets: panel.queries.map(({ expr, legend }, index) => ({
    refId: String.fromCharCode(65 + index),
    datasource,
    expr,
    ...(legend === undefined ? {} : { legendFormat: legend }),
    ...(panel.kind === 'table' ? { format: 'table', instant: true } : {}),
  })),
})

const panelsOf = () => {
  const panels: object[] = []
  let y = 0
  for (const [title, below] of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { h: 1, w: 24, x: 0, y },
      panels: [],
    })
    y += 1
    let x = 0
    let height = 0
    for (const panel of below) {
      if (x + panel.width > 24) {
        y += height
        x = height = 0
      }
      panels.push(panelOf(panel, panels.length + 1, x, y))
      x += panel.width
      height = Math.max(height, heights[panel.kind])
    }
    y += height
  }
  return panels
}

/** As Grafana 9 and later import it. */
export const dashboard = {
  uid: 'srouter',
  title: 'srouter',
  tags: ['srouter', 'dns'],
  schemaVersion: 38,
  editable: true,
  time: { from: 'now-6h', to: 'now' },
  refresh: '1m',
  templating: {
    list: [
      { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: {} },
    ],
  },
  panels: panelsOf(),
}
