import { type ExternalDNSController, txtPrefixFor } from '../api/dns-configuration.ts'
import { ownershipName } from '../api/names.ts'
import { type Question, queryTypes } from '../api/questions.ts'
import type { Evaluation } from '../engine/evaluate.ts'
import type { Inquiry } from '../engine/failover/questions.ts'
import { readableZones } from '../engine/failover/readable.ts'
import type { Subject } from './subject.ts'

/** What kind of instance writes a name, and so under which prefix it keeps the owner. */
export type Written = 'route' | 'gateway'

/** What to ask the zones about a subject: its records, and who owns them. */
export const questionsOf = (subject: Subject, { world }: Evaluation): Inquiry => {
  const servers = readableZones({ ...world, takesPart: true })
  const names = namesOf(subject)
  return {
    servers,
    questions: [...servers.keys()].flatMap(zone =>
      names.flatMap(([name, ...written]) => [
        ...[name, wildcardFor(name)].flatMap(each =>
          queryTypes.map((type): Question => ({ zone, name: each, type })),
        ),
        ...written.flatMap(each =>
          world.controllers
            .filter(({ region }) => region === zone)
            .flatMap(controller => ownershipQuestions(zone, name, each, controller)),
        ),
      ]),
    ),
  }
}

/** The record that answers for a name that has none of its own. */
export const wildcardFor = (name: string): string => name.replace(/^[^.]*/, '*')

const namesOf = (subject: Subject): readonly (readonly [name: string, ...Written[]])[] => {
  const { kind, name } = subject
  if (name === undefined) return []
  if (kind === 'none') return [[name, 'route', 'gateway']]
  if (kind !== 'route') return [[name, 'gateway']]
  const { target } = subject.route.facts
  return [[name, 'route'], ...(target === undefined ? [] : [[target, 'gateway'] as const])]
}

const ownershipQuestions = (
  zone: string,
  name: string,
  written: Written,
  controller: ExternalDNSController,
): readonly Question[] => {
  const prefix = txtPrefixFor(controller, written)
  if (prefix === undefined) return []
  // Of every type: what is there may be of another one than what should be.
  return queryTypes.map(type => ({ zone, name: ownershipName(prefix, type, name), type: 'TXT' }))
}
