import { counted } from '../../../lib/counted.ts'
import type { StatusView } from '../../status/view.ts'
import { inColumns } from '../columns.ts'
import { escapeTerminal } from '../escape.ts'
import { paragraph } from '../layout.ts'

/**
 * The counts, which say of 10,000 routes what one wants to know first.
 *
 * ```
 * Cluster aks01-weu, domain aks.example.com
 *   routes    3: 1 Active, 1 Pending (1 DNSPolicyInactive), 1 Error (1 HostConflict)
 *   gateways  2: 2 Active
 *   zone weu  7 of 8 DNSEndpoints read, by external-dns-weu
 *   failover  aks01-neu Standby
 * ```
 */
export function* summaryLines(view: StatusView, width: number): Generator<string> {
  const { cluster, routes, allRoutes, gateways, zones, failovers, remarks, unread } = view
  yield cluster === undefined
    ? 'Cluster unknown: it has no single ClusterIdentity that may be read'
    : escapeTerminal(`Cluster ${cluster.name}, domain ${cluster.domain}`)
  const of = routes.length === allRoutes ? `${allRoutes}` : `${routes.length} of ${allRoutes}`
  const rows: readonly (readonly [string, string])[] = [
    ['routes', counts(of, routes)],
    ...(unread.includes('Gateway') ? [] : [['gateways', counts(`${gateways.length}`, gateways)] as const]),
    ...zones.map(
      ({ zone, controllers, endpoints, read }) =>
        [
          `zone ${zone}`,
          `${read} of ${counted(endpoints, 'DNSEndpoint')} read${controllers.length === 0 ? '' : `, by ${controllers.join(', ')}`}`,
        ] as const,
    ),
    ...failovers.map(
      ({ name, state, phase, reason }) =>
        ['failover', `${name} ${state ?? phase}${reason === undefined ? '' : ` (${reason})`}`] as const,
    ),
    ...remarks.map(({ reason, message }) => [reason, message] as const),
    ...(unread.length === 0
      ? []
      : [['not read', `${unread.join(', ')}: no permission, or not installed`] as const]),
  ]
  const labels = inColumns(rows.map(([label]) => [escapeTerminal(label), '|'])).map(line => line.slice(0, -1))
  for (const [index, [, text]] of rows.entries()) {
    const label = `  ${labels[index] ?? ''}`
    const [first = '', ...others] = paragraph(text, ' '.repeat(label.length), width)
    yield `${label}${first.slice(label.length)}`
    yield* others
  }
}

/** `3: 2 Active, 1 Error (1 HostConflict)`; what is well first. */
const counts = (
  of: string,
  rows: readonly { readonly phase: string; readonly reason: string | undefined }[],
): string => {
  const phases = [...Map.groupBy(rows, ({ phase }) => phase)].sort(
    ([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1),
  )
  const texts = phases.map(([phase, those]) => {
    const reasons = [...Map.groupBy(those, ({ reason }) => reason ?? '')]
      .filter(([reason]) => reason !== '')
      .sort(([a, { length: many }], [b, { length: few }]) => few - many || (a < b ? -1 : 1))
      .map(([reason, { length }]) => `${length} ${reason}`)
    return `${those.length} ${phase}${reasons.length === 0 ? '' : ` (${reasons.join(', ')})`}`
  })
  return texts.length === 0 ? of : `${of}: ${texts.join(', ')}`
}

const order = ['Active', 'Pending', 'Error']
const rank = (phase: string): number => (order.indexOf(phase) + order.length + 1) % (order.length + 1)
