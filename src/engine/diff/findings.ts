import { type KubeObject, refOf, shortName } from '../../api/object.ts'
import type { RecordChange } from '../change.ts'
import type { Wanted } from '../derive/wanted.ts'
import type { Finding } from '../finding.ts'

/** Findings that only the comparison with what exists can make. */

export const foreignObject = ({ object, source }: Wanted): Finding => ({
  code: 'ForeignObject',
  severity: 'error',
  message: `the ${object.kind} ${shortName(object.metadata)} exists and is not managed by srouter, so it is left alone`,
  hint: 'remove or rename that object, or rename the resource that needs its name',
  resource: refOf(source.subject),
  subject: source.subject,
})

const isGatewayType = (type: string): boolean => type === 'A' || type === 'AAAA' || type === 'CNAME'

/** Under `--policy upsert-only` ExternalDNS never removes the record of the old type, so the new one cannot be made. */
export const typeMismatches = (
  records: readonly RecordChange[],
  subjectOf: (record: RecordChange) => KubeObject | undefined,
): readonly Finding[] => {
  const gone = new Map(
    records
      .filter(record => record.action === 'delete' && record.source?.kind === 'Gateway')
      .map(record => [`${record.controller} ${record.name}`, record]),
  )
  if (gone.size === 0) return []
  return records.flatMap(record => {
    const before = gone.get(`${record.controller} ${record.name}`)
    const subject = subjectOf(record)
    if (record.action !== 'add' || before === undefined || !isGatewayType(record.type)) return []
    if ((before.type === 'CNAME') === (record.type === 'CNAME') || subject === undefined) return []
    return [
      {
        code: 'RecordTypeMismatch',
        severity: 'error' as const,
        message: `${record.name} is ${before.type} in zone ${record.zone} and would become ${record.type}; ExternalDNS with upsert-only never changes a type`,
        hint: `delete the ${before.type} record of ${record.name} at the DNS provider, or set spec.addresses of the Gateway`,
        resource: refOf(subject),
        subject,
      },
    ]
  })
}

/** Azure Private DNS: 25,000 record sets per zone. Every record has an ownership TXT record beside it. */
const zoneLimit = 25_000
const warnFrom = 0.8 * zoneLimit

export const zoneSizes = (records: readonly RecordChange[]): readonly Finding[] => {
  if (2 * records.length < warnFrom) return []
  const zones = new Map<string, { sets: number; last: string; readonly types: string[] }>()
  for (const { zone, name, type, action, held } of records) {
    if (action === 'delete' && !held) continue
    const known = zones.get(zone)
    if (known === undefined) zones.set(zone, { sets: 1, last: name, types: [type] })
    else {
      if (known.last !== name) known.types.length = 0
      known.last = name
      // The records of a name stand together, so two controllers of one zone are seen as such.
      if (known.types.includes(type)) continue
      known.types.push(type)
      known.sets++
    }
  }
  return [...zones].flatMap(([zone, { sets }]) => {
    const count = 2 * sets
    if (count < warnFrom) return []
    return [
      {
        code: 'ZoneNearlyFull',
        severity: 'warning' as const,
        message: `zone ${zone} has ${count} record sets with their ownership records; Azure Private DNS allows ${zoneLimit}`,
        hint: 'use a zone of its own for some of the applications, or another DNS provider',
      },
    ]
  })
}
