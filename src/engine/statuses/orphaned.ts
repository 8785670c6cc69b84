import { label } from '../../api/labels.ts'
import { endpointsOf, gatewayOwner } from '../current.ts'
import type { Judgement } from '../engine.ts'
import type { Judged } from '../evaluate.ts'
import { questionKeyOf } from '../failover/answers.ts'
import { type IdentityMemory, identityMemory } from '../failover/memory.ts'
import { readableZones } from '../failover/readable.ts'
import type { Stated } from './stated.ts'

type Orphan = IdentityMemory['orphaned'][number]

const most = 100

/**
 * Address records whose DNSEndpoint is gone, in zones that can be read: the instance for gateways never removes any. Each
 * stays in the list until its zone says that it is gone, or something asks for it again.
 */
export const orphaned = (
  { resource }: Judged<unknown>,
  { plan, evaluation: { world } }: Judgement,
): readonly Orphan[] => {
  const { answers } = world
  const readable = readableZones(world)
  const before = identityMemory(resource.object).orphaned
  if (answers === undefined || world.identity.state !== 'one') return before
  const now = plan.objects.flatMap(({ action, before: object }) => {
    if (action !== 'delete' || object === undefined || gatewayOwner(object) === undefined) return []
    const zone = object.metadata.labels?.[label.region] ?? ''
    if (!readable.has(zone)) return []
    return endpointsOf(object).map(({ dnsName, recordType, targets }) => ({
      zone,
      name: dnsName,
      type: recordType,
      targets: [...targets],
    }))
  })
  if (before.length + now.length === 0) return before
  const wanted = new Set(
    plan.objects.flatMap(({ after }) => {
      const zone = after?.metadata.labels?.[label.region] ?? ''
      return after === undefined
        ? []
        : endpointsOf(after).map(({ dnsName: name, recordType: type }) => questionKeyOf({ zone, name, type }))
    }),
  )
  const found = new Map<string, Orphan>()
  for (const orphan of [...before, ...now]) {
    const key = questionKeyOf(orphan)
    if (!wanted.has(key) && answers.get(key)?.state !== 'absent') found.set(key, orphan)
  }
  return [...found.values()].slice(0, most)
}

export const orphanedCondition = (orphans: readonly Orphan[]): readonly Stated[] => {
  const [first] = orphans
  if (first === undefined) return []
  const more = orphans.length === 1 ? '' : ` and ${orphans.length - 1} more`
  return [
    {
      type: 'OrphanedRecords',
      status: 'True',
      reason: 'Orphaned',
      message: `${first.type} ${first.name} is still in zone ${first.zone}${more}: delete it at the DNS provider (docs/failover.md has the commands)`,
    },
  ]
}
