import { type KubeObject, refOf } from '../api/object.ts'
import type { RecordChange } from '../engine/change.ts'
import type { Finding } from '../engine/finding.ts'
import type { Merged } from './merged.ts'
import { isSame } from './proof.ts'

/** What is worth knowing of a proposal that is right. */

/** TTLs that will be others, one finding for each change of one. */
export const ttlNotes = (
  records: readonly Merged[],
  after: ReadonlyMap<string, RecordChange>,
): readonly Finding[] => {
  const changed = records.flatMap(record => {
    const made = after.get(record.key)
    return made !== undefined && isSame(record, made) && made.ttl !== record.ttl
      ? [{ record, ttl: made.ttl }]
      : []
  })
  const groups = Map.groupBy(changed, ({ record, ttl }) => `${record.ttl} ${ttl}`)
  return [...groups.values()].flatMap(([first, ...others]) => {
    const [original] = first?.record.from ?? []
    if (first === undefined || original === undefined) return []
    const { record, ttl } = first
    const more = others.length === 0 ? '' : `, and ${others.length} more`
    return [
      {
        code: 'TTLDiffers',
        severity: 'warning' as const,
        message: `${record.name} in zone ${record.writer.zone}${more}: the TTL becomes ${ttl} and is ${record.ttl ?? 'not set'} today`,
        hint: 'a TTL is one for all routes (ttl.route of the DNSConfiguration) and one for each Gateway (ttl)',
        resource: refOf(original.object),
        subject: original.object,
        path: ['spec', 'endpoints', original.index],
      },
    ]
  })
}

/** What another controller has made: deleted, it would be made again. */
export const controlledBy = ({ metadata }: KubeObject): string | undefined => {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)
  return owner === undefined ? undefined : `${owner.kind} ${owner.name}`
}

/** Of objects of which nothing is needed any more. */
export const controllerNotes = (objects: readonly KubeObject[]): readonly Finding[] =>
  objects.flatMap(object => {
    const owner = controlledBy(object)
    return owner === undefined
      ? []
      : [
          {
            code: 'MadeByController',
            severity: 'warning' as const,
            message: `nothing of it is needed any more, but ${owner} has made it, and would make it again if it were deleted`,
            hint: `let ${owner} make it no longer`,
            resource: refOf(object),
            subject: object,
          },
        ]
  })

/** Records that there are not today: a gateway's addresses are written to every zone. */
export const additions = (
  records: ReadonlyMap<string, Merged>,
  after: ReadonlyMap<string, RecordChange>,
): readonly Finding[] =>
  [...after].flatMap(([key, { action, name, type, zone, targets, source }]) => {
    if (action !== 'add' || records.has(key)) return []
    const { subject: _, ...ref } = source ?? {}
    return [
      {
        code: 'AdditionalRecord',
        severity: 'warning' as const,
        message: `${type} ${name} → ${targets.join(', ')} is new in zone ${zone}`,
        hint: 'no DNSEndpoint has it today: see to it that nothing else writes that name there',
        ...('kind' in ref ? { resource: ref } : {}),
      },
    ]
  })
