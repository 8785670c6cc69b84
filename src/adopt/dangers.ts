import type { Answers } from '../engine/failover/answers.ts'
import { answerFor, ownershipIn } from './ownership.ts'
import type { ZoneRecord } from './records.ts'
import { threats } from './threats.ts'
import { deploymentOf, isRunning, policyOf, type Writer, type Zone } from './zone.ts'

/** What an instance does in its first cycle that nobody wants, or would if it were started. */
export interface Danger {
  readonly message: string
  readonly hint: string
}

/** What would be lost, as the zone answers now. */
export const dangersIn = (zone: Zone, answers: Answers): readonly Danger[] => [
  ...threats(zone).flatMap(({ writer, prefix, records }) => {
    const { ownerId } = writer.instance.settings
    const lost = records.filter(record => {
      const ownership = ownershipIn(answers, zone, record, prefix)
      return (
        ownership.state === 'owner' &&
        ownership.owner === ownerId &&
        answerFor(answers, zone, record).state === 'found'
      )
    })
    return lost.length === 0 ? [] : [deletion(zone, writer, lost)]
  }),
  ...zone.writers
    .filter(writer => policyOf(writer) === 'sync' && writer.instance.settings.registry === 'noop')
    .map(writer => ({
      message: `${subject(writer)} deletes every record of zone ${zone.controller.region} that is not among its DNSEndpoints, whoever has made it: it has the policy sync, and registry noop`,
      hint: remedy(writer, 'give it --registry=txt'),
    })),
]

const deletion = ({ controller: { region } }: Zone, writer: Writer, lost: readonly ZoneRecord[]): Danger => {
  const { ownerId, txtPrefix } = writer.instance.settings
  return {
    message:
      `${subject(writer)} deletes ${lost.length === 1 ? 'a record' : `${lost.length} records`} of zone ${region}: ${named(lost)}. ` +
      `It has the policy sync, and the zone says that ${lost.length === 1 ? 'it is' : 'they are'} owned by ${ownerId} under the prefix ${txtPrefix || '(none)'}, as this instance is; but it finds no DNSEndpoint for ${lost.length === 1 ? 'it' : 'them'}`,
    hint: remedy(
      writer,
      'give it an owner id and a TXT prefix that no other instance has, or --policy=upsert-only',
    ),
  }
}

const subject = (writer: Writer): string =>
  `Deployment ${deploymentOf(writer)}, ${isRunning(writer) ? 'which runs,' : 'once it is started,'}`

const remedy = (writer: Writer, otherwise: string): string =>
  isRunning(writer)
    ? `stop it at once: kubectl -n ${writer.instance.namespace} scale deployment ${writer.instance.name} --replicas=0; then ${otherwise}`
    : `do not start it; ${otherwise}`

/** The first few, and how many more. */
export const named = (
  records: readonly { readonly name: string; readonly type: string }[],
  most = 4,
): string => {
  const shown = records.slice(0, most).map(({ name, type }) => `${name} ${type}`)
  return records.length > most ? `${shown.join(', ')} and ${records.length - most} more` : shown.join(', ')
}
