import { label } from '../api/labels.ts'
import { labelValue, ownershipName } from '../api/names.ts'
import { argumentsOf, missingArguments } from './arguments.ts'
import { named } from './dangers.ts'
import { adoptValue } from './objects.ts'
import type { RecordKind, ZoneRecord } from './records.ts'
import { changeable, instanceFor, strangers } from './split.ts'
import type { Progress, Step } from './step.ts'
import { deploymentOf, isRunning, managesTxt, type Writer, type Zone } from './zone.ts'

/** Something that a person does. */
export interface Todo {
  readonly say: string
  /** A command line. */
  readonly run?: string
  /** Arguments for ExternalDNS, beside those of the provider. */
  readonly arguments?: readonly string[]
}

/** All of them: who names one has no defaults any more. */
const managing = (types: readonly string[]): readonly string[] =>
  types.map(type => `--managed-record-types=${type}`)

/** What to do next, and in which order. */
export const nextFor = (progress: Progress): readonly Todo[] =>
  progress.dangers.length > 0
    ? [{ say: 'first see to it that nothing is deleted, as said under DANGER; then ask again' }]
    : todos[progress.step](progress)

const todos: Readonly<Record<Step, (progress: Progress) => readonly Todo[]>> = {
  prepare: ({ troubles }) => troubles.map(say => ({ say })),
  unread: ({ troubles }) => troubles.map(why => ({ say: `the zone cannot be read: ${why}` })),
  mistaken: progress => [
    {
      say:
        'ExternalDNS makes a TXT record and never changes it: where nobody uses these, delete them at the DNS provider; ' +
        'where the prefix is that of another instance, take another one in DNSConfiguration',
    },
    ...mistakes(progress).map(say => ({ say })),
  ],
  open: progress => {
    const writer = runningWriter(progress)
    return writer === undefined
      ? [
          {
            say: 'no instance that has the DNSEndpoints of gateways runs: start the new one, for now with TXT as well',
            arguments: argumentsOf(progress.zone, 'gateway', true),
          },
        ]
      : [
          {
            say: `let Deployment ${deploymentOf(writer)} manage TXT as well, and change nothing else`,
            arguments: managing([...writer.instance.settings.recordTypes, 'TXT']),
          },
        ]
  },
  write: () => [{ say: 'write the ownership records', run: 'srouter adopt | kubectl apply -f -' }],
  wait: ({ scribe }) => [
    {
      say: `wait for a cycle of Deployment ${scribe === undefined ? '' : deploymentOf(scribe)}${scribe === undefined ? '' : ` (${scribe.instance.settings.interval})`}; where nothing comes of it, look at its log`,
    },
  ],
  switch: ({ zone }) => {
    const changes = kinds.flatMap(kind => changeable(zone, kind) ?? [])
    const stopped = strangers(zone).filter(writer => !changes.includes(writer))
    return [
      ...stopped.map(writer => scaled('stop the old instance', writer, 0)),
      ...kinds.flatMap(kind => installed(zone, kind)),
    ]
  },
  clear: ({ zone }) => [
    {
      say: 'the zone has all ownership records; remove what wrote them',
      run: `kubectl delete dnsendpoints --all-namespaces -l ${label.adopt}=${adoptValue},${label.controller}=${labelValue(zone.controller.name)}`,
    },
  ],
  close: ({ scribe }) =>
    scribe === undefined
      ? []
      : [
          {
            say: `TXT is not needed any more: let Deployment ${deploymentOf(scribe)} manage these types alone`,
            arguments: managing(scribe.instance.settings.recordTypes.filter(type => type !== 'TXT')),
          },
        ],
  done: () => [],
}

const kinds = ['route', 'gateway'] as const

/** What there is to be done for the instance of one kind to run as it should. */
const installed = (zone: Zone, kind: RecordKind): readonly Todo[] => {
  const there = instanceFor(zone, kind)
  if (there !== undefined) return isRunning(there) ? [] : [scaled('start the new one', there, 1)]
  const writer = changeable(zone, kind)
  const what = kind === 'route' ? 'routes' : 'gateways'
  return writer === undefined
    ? [{ say: `start an instance for ${what}`, arguments: argumentsOf(zone, kind) }]
    : [
        {
          say: `set these arguments of Deployment ${deploymentOf(writer)}, all in one edit`,
          arguments: missingArguments(zone, kind, writer.instance.settings),
        },
      ]
}

const scaled = (what: string, writer: Writer, replicas: number): Todo => ({
  say: `${what}, Deployment ${deploymentOf(writer)}`,
  run: `kubectl -n ${writer.instance.namespace} scale deployment ${writer.instance.name} --replicas=${replicas}`,
})

/** Who can be given the ownership records to write: the new instance for gateways, else the old one. */
const runningWriter = ({ zone }: Progress): Writer | undefined =>
  ['gateways', 'single'].flatMap(role =>
    zone.writers.filter(writer => isRunning(writer) && writer.role === role && !managesTxt(writer)),
  )[0]

/** What was found, grouped: a prefix that is in use may show in thousands of records. */
const mistakes = ({ zone, adoptions }: Progress): readonly string[] => {
  const found = adoptions.flatMap(({ record, ownership }) =>
    ownership.state === 'mistaken' ? [{ record, found: ownership.found }] : [],
  )
  const groups = Map.groupBy(found, each => `${each.record.kind} ${each.found}`)
  return [...groups.values()].flatMap(group => {
    const [first] = group
    if (first === undefined) return []
    const { owner, prefix = '' } = zone.target[first.record.kind]
    const records = group.map(({ record }) => ownershipRecord(record, prefix))
    return [
      `${records.length === 1 ? 'a record says' : `${records.length} records say`} ${first.found}, and not owner ${owner}: ${named(records)}`,
    ]
  })
}

const ownershipRecord = (
  record: ZoneRecord,
  prefix: string,
): Pick<ZoneRecord, 'name'> & { type: string } => ({
  name: ownershipName(prefix, record.type, record.name),
  type: 'TXT',
})
