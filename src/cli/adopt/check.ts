import { named } from '../../adopt/dangers.ts'
import { nextFor } from '../../adopt/next.ts'
import type { RecordState } from '../../adopt/ownership.ts'
import type { Progress } from '../../adopt/step.ts'
import { deploymentOf, isRunning } from '../../adopt/zone.ts'
import { policyOf } from '../../external-dns/settings.ts'
import { counted } from '../../lib/counted.ts'
import type { Look } from './look.ts'
import { meaningOf } from './words.ts'

/** How far each zone is and what to do next, for people. */
export function* checkLines({ me, zones }: Look): Generator<string> {
  yield `${me}: ${zones.every(isDone) ? 'done in every zone' : `done in ${zones.filter(isDone).length} of ${counted(zones.length, 'zone')}`}`
  for (const progress of zones) {
    const { zone, step, dangers } = progress
    yield ''
    yield `zone ${zone.controller.region}: ${step}: ${meaningOf[step]}`
    for (const { message, hint } of dangers) {
      yield `  DANGER: ${message}`
      yield `    ${hint}`
    }
    for (const writer of zone.writers) {
      const { ownerId, txtPrefix } = writer.instance.settings
      yield `  instance: ${deploymentOf(writer)} (${isRunning(writer) ? 'runs' : 'stopped'}): ${writer.role}, ${policyOf(writer.instance.settings)}, owner ${ownerId}, prefix ${txtPrefix || '(none)'}`
    }
    if (zone.writers.length === 0)
      yield '  instance: none; no Deployment of ExternalDNS in this cluster selects DNSEndpoints of this zone'
    yield `  records: ${recordText(progress)}`
    for (const note of notes(progress)) yield `  note: ${note}`
    for (const todo of nextFor(progress)) {
      yield `  next: ${todo.say}`
      if (todo.run !== undefined) yield `    ${todo.run}`
      for (const argument of todo.arguments ?? []) yield `    ${argument}`
    }
  }
}

const isDone = ({ step, dangers }: Progress): boolean => step === 'done' && dangers.length === 0

const shownStates: readonly (readonly [RecordState['state'], string])[] = [
  ['owned', 'with their ownership'],
  ['open', 'without'],
  ['mistaken', 'with a mistaken one'],
  ['unread', 'that cannot be read'],
]

const recordText = (progress: Progress): string => {
  const shown = shownStates.flatMap(([state, words]) => {
    const count = inState(progress, state).length
    return count === 0 && state !== 'owned' ? [] : [`${count} ${words}`]
  })
  return shown.join(', ')
}

const inState = ({ adoptions }: Progress, state: RecordState['state']) =>
  adoptions.filter(({ ownership }) => ownership.state === state).map(({ record }) => record)

/** What is left out, so that nobody misses it. */
function* notes(progress: Progress): Generator<string> {
  const { zone, step } = progress
  const differing = inState(progress, 'differs')
  if (differing.length > 0)
    yield `${counted(differing.length, 'record')} with another value than this cluster publishes, left to who writes it: ${named(differing)}`
  const unownable = inState(progress, 'unownable')
  if (unownable.length > 0)
    yield `${counted(unownable.length, 'record')} whose ownership record would have too long a name with these prefixes: ${named(unownable)}`
  for (const writer of zone.writers)
    if (writer.instance.unread.length > 0)
      yield `Deployment ${deploymentOf(writer)} does not say its ${writer.instance.unread.map(flag => `--${flag}`).join(', ')}: they were taken for the default`
  for (const instance of zone.strays)
    if (instance.unread.length > 0)
      yield `Deployment ${deploymentOf({ instance })} does not say its ${instance.unread.map(flag => `--${flag}`).join(', ')}: it may write this zone, and nobody can tell what it would delete`
  if (step === 'done')
    yield 'ownership records under prefixes that no instance has are not needed any more; as long as they are there, one can go back'
}

/** The same for programs. */
export const checkData = ({ me, zones }: Look): object => ({
  formatVersion: '1.0',
  cluster: me,
  zones: zones.map(progress => ({
    zone: progress.zone.controller.region,
    controller: progress.zone.controller.name,
    step: progress.step,
    message: meaningOf[progress.step],
    dangers: progress.dangers,
    instances: progress.zone.writers.map(writer => ({
      deployment: deploymentOf(writer),
      running: isRunning(writer),
      role: writer.role,
      policy: policyOf(writer.instance.settings),
      owner: writer.instance.settings.ownerId,
      txtPrefix: writer.instance.settings.txtPrefix,
    })),
    records: Object.fromEntries(
      (['owned', 'open', 'mistaken', 'differs', 'absent', 'unownable', 'unread'] as const).map(state => [
        state,
        inState(progress, state).length,
      ]),
    ),
    notes: [...notes(progress)],
    next: nextFor(progress).map(({ say, run, arguments: given }) => ({
      message: say,
      command: run ?? null,
      arguments: given ?? [],
    })),
  })),
})
