import { questionKey } from '../../api/questions.ts'
import type { AddressSet } from '../addresses.ts'

/**
 * What a zone says. `absent` is NXDOMAIN or an answer without such a record; `silent` is everything else that is no
 * answer: a time-out, SERVFAIL, REFUSED.
 */
export type Answer =
  | { readonly state: 'found'; readonly targets: readonly string[] }
  | { readonly state: 'absent' }
  | { readonly state: 'silent'; readonly why: string }

/** Answers by question (see questionKey). What was not asked, because nobody knows whom, is not in it. */
export type Answers = ReadonlyMap<string, Answer>

/**
 * The addresses that a zone has for a name, as ExternalDNS would have written them; a CNAME hides what it leads to.
 * `undefined` where the zone was not asked or one of the answers is missing; an empty list where the name has none.
 */
export const addressesIn = (
  answers: Answers,
  zone: string,
  name: string,
): readonly AddressSet[] | undefined => {
  const sets: AddressSet[] = []
  for (const type of ['CNAME', 'A', 'AAAA'] as const) {
    const answer = answers.get(questionKey({ zone, name, type }))
    if (answer === undefined || answer.state === 'silent') return undefined
    if (answer.state === 'absent') continue
    const targets = answer.targets.map(withoutDot).sort()
    if (type === 'CNAME') return [{ type, targets }]
    sets.push({ type, targets })
  }
  return sets
}

const withoutDot = (name: string): string => name.replace(/\.$/, '')

/** `10.0.0.1, fd00::1` */
export const addressText = (sets: readonly AddressSet[]): string =>
  sets.flatMap(({ targets }) => targets).join(', ')

/** The key of the question that asks for a record set, whatever its type is said to be. */
export const questionKeyOf = ({
  zone,
  name,
  type,
}: Readonly<Record<'zone' | 'name' | 'type', string>>): string =>
  questionKey({ zone, name, type: type === 'AAAA' || type === 'CNAME' ? type : 'A' })
