import type { Answers } from '../engine/failover/answers.ts'
import type { Instance } from '../external-dns/instance.ts'
import { answerFor, ownershipIn } from './ownership.ts'
import type { ZoneRecord } from './records.ts'
import { type Threat, threats } from './threats.ts'
import { deploymentOf, isRunning, policyOf, type Zone } from './zone.ts'

/** What an instance does in its first cycle that nobody wants, or would if it were started. */
export interface Danger {
  readonly message: string
  readonly hint: string
}

/** What would be lost, as the zone answers now. */
export const dangersIn = (zone: Zone, answers: Answers): readonly Danger[] => [
  ...threats(zone).flatMap(threat => {
    const { ownerId, txtPrefix } = threat.instance.settings
    const lost = threat.records.filter(record => {
      const ownership = ownershipIn(answers, zone, record, txtPrefix)
      return (
        ownership.state === 'owner' &&
        ownership.owner === ownerId &&
        answerFor(answers, zone, record).state === 'found'
      )
    })
    return lost.length === 0 ? [] : [deletion(zone, threat, lost)]
  }),
  ...zone.writers
    .filter(writer => policyOf(writer) === 'sync' && writer.instance.settings.registry === 'noop')
    .map(({ instance }) => ({
      message: `${subject(instance)} deletes every record of zone ${zone.controller.region} that is not among its DNSEndpoints, whoever has made it: it has the policy sync, and registry noop`,
      hint: remedy(instance, 'give it --registry=txt'),
    })),
]

const deletion = (
  { controller: { region } }: Zone,
  { instance, isCertain }: Threat,
  lost: readonly ZoneRecord[],
): Danger => {
  const { ownerId, txtPrefix } = instance.settings
  const [records, are, them] =
    lost.length === 1 ? ['a record', 'it is', 'it'] : [`${lost.length} records`, 'they are', 'them']
  return {
    message:
      `${subject(instance)} deletes ${records} of zone ${region}: ${named(lost)}. ` +
      `It has the policy sync, and the zone says that ${are} owned by ${ownerId} under the prefix ${txtPrefix || '(none)'}, as this instance is; but it finds no DNSEndpoint for ${them}` +
      (isCertain ? '' : '. It selects none for any zone, so which one it writes is not known'),
    hint: remedy(
      instance,
      'give it an owner id and a TXT prefix that no other instance has, or --policy=upsert-only',
    ),
  }
}

const subject = (instance: Instance): string =>
  `Deployment ${deploymentOf({ instance })}, ${isRunning({ instance }) ? 'which runs,' : 'once it is started,'}`

const remedy = (instance: Instance, otherwise: string): string =>
  isRunning({ instance })
    ? `stop it at once: kubectl -n ${instance.namespace} scale deployment ${instance.name} --replicas=0; then ${otherwise}`
    : `do not start it; ${otherwise}`

/** The first few, and how many more. */
export const named = (
  records: readonly { readonly name: string; readonly type: string }[],
  most = 4,
): string => {
  const shown = records.slice(0, most).map(({ name, type }) => `${name} ${type}`)
  return records.length > most ? `${shown.join(', ')} and ${records.length - most} more` : shown.join(', ')
}
