import type { RegionFailoverSpec, RegionFailoverStatus } from '../../api/region-failover.ts'
import type { Judged } from '../evaluate.ts'
import { isDeleted } from '../failover/automatic/facts.ts'
import type { FailoverMemory } from '../failover/memory.ts'
import type { World } from '../world.ts'
import type { Stated } from './stated.ts'

interface ProbeFields {
  readonly fields: Pick<RegionFailoverStatus, 'probe' | 'automatic'>
  readonly conditions: readonly Stated[]
}

/**
 * What probing has found.
 *
 * | the RegionFailover               | and who asks          | says                  |
 * | -------------------------------- | --------------------- | --------------------- |
 * | is deleted, or has no probe      |                       | nothing               |
 * | has a spec that cannot be read   |                       | what it said before   |
 * | has a probe                      | does not probe, as a  | what it said before   |
 * |                                  | command               |                       |
 * | has a probe                      | probes                | what that has found   |
 */
export const probeFields = (
  { resource: { spec, name, object } }: Judged<RegionFailoverSpec>,
  before: Pick<FailoverMemory, 'probe' | 'automatic'>,
  { settings }: Pick<World, 'settings'>,
): ProbeFields => {
  const isOver = isDeleted(object) || (spec !== undefined && spec.probe === undefined)
  if (isOver) return { fields: {}, conditions: [] }
  const { probe, automatic } = settings.probes?.get(name) ?? before
  const isManual = spec?.mode === 'Manual'
  return {
    fields: {
      ...(probe === undefined ? {} : { probe }),
      ...(automatic === undefined || isManual ? {} : { automatic }),
    },
    conditions: [
      ...(probe === undefined ? [] : [peerUp(probe)]),
      ...(automatic === undefined || isManual ? [] : [armed(automatic)]),
    ],
  }
}

const peerUp = ({
  state = 'Unknown',
  addresses = [],
}: NonNullable<ProbeFields['fields']['probe']>): Stated => {
  const failures = addresses.flatMap(({ address, answers, message }) =>
    answers === false ? `${address}: ${message ?? 'no answer'}` : [],
  )
  const message =
    addresses.length === 0
      ? 'no zone has had an own- address of that cluster yet'
      : failures.length === 0
        ? addresses.map(({ address }) => address).join(', ')
        : failures.join('; ')
  switch (state) {
    case 'Up':
      return { type: 'PeerUp', status: 'True', reason: 'ProbeAnswered', message }
    case 'Failing':
      return { type: 'PeerUp', status: 'True', reason: 'ProbeFailing', message }
    case 'Down':
      return { type: 'PeerUp', status: 'False', reason: 'ProbeFailed', message }
    default:
      return { type: 'PeerUp', status: 'Unknown', reason: 'ProbePending', message }
  }
}

/** True: should the peer fail now, this cluster would stand in for it, or does. */
const armed = ({ state, reason, message }: NonNullable<ProbeFields['fields']['automatic']>): Stated => ({
  type: 'Automatic',
  status: state === 'Armed' || state === 'Engaged' ? 'True' : 'False',
  reason: reason ?? 'PeerUnknown',
  message: message ?? '',
})
