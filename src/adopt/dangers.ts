import type { Answers } from '../engine/failover/answers.ts'
import { policyOf } from '../external-dns/settings.ts'
import { lossesTo, withOwnership } from './losses.ts'
import type { ZoneRecord } from './records.ts'
import { type Threat, threats } from './threats.ts'
import { deploymentOf, isRunning, type Zone } from './zone.ts'

/** What an instance does in its first cycle that nobody wants, or would if it were started. */
export interface Danger {
  readonly message: string
  readonly hint: string
}

/** What would be lost, as the zone answers now, and as it will with the ownership of `open`, which is to be written. */
export const dangersIn = (zone: Zone, answers: Answers, open: readonly ZoneRecord[]): readonly Danger[] => {
  const after = withOwnership(zone, answers, open)
  const deleting = threats(zone).flatMap(threat => {
    const now = lossesTo(zone, threat, answers)
    const lost = new Set([...now, ...lossesTo(zone, threat, after)])
    return lost.size === 0 ? [] : [{ threat, lost: [...lost], isNow: lost.size === now.length }]
  })
  // Of one that deletes as it is, what a change of it would do is said later.
  const present = new Set(
    deleting.flatMap(({ threat: { instance, state } }) => (state === 'changed' ? [] : [instance])),
  )
  return [
    ...deleting
      .filter(({ threat: { instance, state } }) => state !== 'changed' || !present.has(instance))
      .map(({ threat, lost, isNow }) => deletion(zone, threat, lost, isNow)),
    ...zone.writers
      .filter(
        writer =>
          policyOf(writer.instance.settings) === 'sync' && writer.instance.settings.registry === 'noop',
      )
      .map(({ instance }) => {
        const who = { instance, state: isRunning({ instance }) ? 'runs' : 'stopped' } as const
        return {
          message: `${subject(who)} deletes every record of zone ${zone.controller.region} that is not among its DNSEndpoints, whoever has made it: it has the policy sync, and registry noop`,
          hint: remedy(who, 'give it --registry=txt'),
        }
      }),
  ]
}

const deletion = (
  { controller: { region } }: Zone,
  threat: Threat,
  lost: readonly ZoneRecord[],
  isNow: boolean,
): Danger => {
  const { ownerId, txtPrefix } = threat.settings
  const [records, are, them] =
    lost.length === 1 ? ['a record', 'it is', 'it'] : [`${lost.length} records`, 'they are', 'them']
  const says = isNow ? 'the zone says' : 'the zone will say, once ownership is written,'
  return {
    message:
      `${subject(threat)} deletes ${records} of zone ${region}: ${named(lost)}. ` +
      `It has the policy sync, and ${says} that ${are} owned by ${ownerId} under the prefix ${txtPrefix || '(none)'}, as this instance is; but it finds no DNSEndpoint for ${them}` +
      (threat.isCertain ? '' : '. It selects none for any zone, so which one it writes is not known'),
    hint: remedy(
      threat,
      'give it an owner id and a TXT prefix that no other instance has, or --policy=upsert-only',
    ),
  }
}

type Subject = Pick<Threat, 'instance' | 'state'>

const subject = ({ instance, state }: Subject): string =>
  instance === undefined
    ? 'a new instance for routes, once it is started,'
    : `Deployment ${deploymentOf({ instance })}, ${whens[state]}`

const whens: Readonly<Record<Threat['state'], string>> = {
  runs: 'which runs,',
  stopped: 'once it is started,',
  changed: 'once it is changed to the new set-up,',
  new: 'once it is started,',
}

const remedy = ({ instance, state }: Subject, otherwise: string): string => {
  if (instance === undefined || state === 'new')
    return 'see which cluster publishes them; then delete their TXT records under this prefix at the DNS provider, or take another txtPrefix in DNSConfiguration'
  switch (state) {
    case 'runs':
      return `stop it at once: kubectl -n ${instance.namespace} scale deployment ${instance.name} --replicas=0; then ${otherwise}`
    case 'stopped':
      return `do not start it; ${otherwise}`
    case 'changed':
      return 'first let its --label-filter and --namespace pass all that this cluster publishes, as docs/externaldns.md shows; what another cluster publishes has lost its owner when its TXT record under this prefix is deleted at the DNS provider'
  }
}

/** The first few, and how many more. */
export const named = (
  records: readonly { readonly name: string; readonly type: string }[],
  most = 4,
): string => {
  const shown = records.slice(0, most).map(({ name, type }) => `${name} ${type}`)
  return records.length > most ? `${shown.join(', ')} and ${records.length - most} more` : shown.join(', ')
}
