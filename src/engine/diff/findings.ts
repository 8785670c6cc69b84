import { type KubeObject, refOf, shortName } from '../../api/object.ts'
import type { RecordChange } from '../change.ts'
import type { Wanted } from '../derive/wanted.ts'
import type { Evaluation } from '../evaluate.ts'
import { standInNames, typeMismatchesOf } from '../failover/redirected.ts'
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

/** The same across clusters: what the other one has stays beside or instead of what this one would put there. */
export const standInMismatches = ({ standIns, pairs, world }: Evaluation): readonly Finding[] =>
  standIns
    .filter(({ claim }) => claim?.state === 'held')
    .flatMap(standIn => {
      const subject = standIn.resource.object
      const names = standInNames(standIn, pairs, world)
      return typeMismatchesOf(names).map(({ zone, name, there, ours }) => ({
        code: 'RecordTypeMismatch',
        severity: 'error' as const,
        message: `${name} has ${there.join(' and ')} in zone ${zone}, and this cluster has ${ours.join(' and ')}; ExternalDNS with upsert-only never removes the other type`,
        hint: `delete the ${there.join(' and ')} record of ${name} at the DNS provider`,
        resource: refOf(subject),
        subject,
      }))
    })
