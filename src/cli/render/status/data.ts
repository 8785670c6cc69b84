import type { RouteRow, StatusView } from '../../status/view.ts'
import { type Document, list, value } from '../document.ts'

/** Additions raise the minor version. */
const formatVersion = '1.0'

export const statusData = (view: StatusView): Document => [
  ['formatVersion', value(formatVersion)],
  ['cluster', value(view.cluster ?? null)],
  [
    'summary',
    value({ routes: view.allRoutes, selected: view.routes.length, phases: phaseCounts(view.routes) }),
  ],
  ['remarks', list(view.remarks, remark => remark)],
  ['zones', list(view.zones, zone => zone)],
  ['gateways', list(view.gateways, known)],
  ['failovers', list(view.failovers, known)],
  ['routes', list(view.routes, known)],
  ['unread', value(view.unread)],
]

const phaseCounts = (routes: readonly RouteRow[]): Readonly<Record<string, number>> => {
  const phases = [...Map.groupBy(routes, ({ phase }) => phase)].map(
    ([phase, { length }]) => [phase, length] as const,
  )
  return Object.fromEntries(phases.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Every member is always there; what is not known is null. */
const known = (row: object): object =>
  Object.fromEntries(Object.entries(row).map(([key, member]) => [key, member ?? null]))
