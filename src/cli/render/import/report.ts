import type { LocatedFinding } from '../../../engine/finding.ts'
import type { Imported } from '../../../import/import.ts'
import { counted } from '../../../lib/counted.ts'

export interface ImportReport extends Omit<Imported, 'findings'> {
  readonly findings: readonly LocatedFinding[]
}

/** Whether all that was made by hand can go once the proposal is applied. */
export const isComplete = ({ replaced, handMade }: ImportReport): boolean =>
  replaced.length === handMade.dnsEndpoints + handMade.istioGateways

/** `12 of 14 records of 9 DNSEndpoints, 1 of 2 Istio Gateways` */
export const sumOf = ({ records, replaced, handMade }: ImportReport): string => {
  const made = records.filter(({ reproduced }) => reproduced).length
  const gateways = replaced.filter(({ kind }) => kind === 'Gateway').length
  const of = `${made} of ${counted(records.length, 'record')} of ${counted(handMade.dnsEndpoints, 'DNSEndpoint')}`
  return handMade.istioGateways === 0
    ? of
    : `${of}, ${gateways} of ${counted(handMade.istioGateways, 'Istio Gateway')}`
}
