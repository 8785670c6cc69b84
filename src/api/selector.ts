import type { LabelSelector } from './gateway.ts'

/** Whether labels satisfy a selector; the semantics of meta/v1 LabelSelector (an empty one selects all). */
export const matches = (selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) =>
    operators[operator](labels[key], values),
  )

type Operator = NonNullable<LabelSelector['matchExpressions']>[number]['operator']

const operators: Readonly<
  Record<Operator, (value: string | undefined, values: readonly string[]) => boolean>
> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: value => value !== undefined,
  DoesNotExist: value => value === undefined,
}

/**
 * A selector as a flag has it (k8s.io/apimachinery/pkg/labels, Parse); undefined where it is none. Numbers compared by
 * `<` and `>` are not supported.
 *
 * | text                 | answer                        |
 * | -------------------- | ----------------------------- |
 * | a=b, a==b            | a In b                        |
 * | a!=b                 | a NotIn b                     |
 * | a in (b,c),d         | a In b, c; d Exists           |
 * | !a                   | a DoesNotExist                |
 * | (nothing)            | everything                    |
 */
export const parseSelector = (text: string): LabelSelector | undefined => {
  const matchExpressions: Requirement[] = []
  let rest = text.trim()
  while (rest !== '') {
    const match = requirement.exec(rest)
    if (match?.groups === undefined) return undefined
    const { not, lone, key, set, values, equals, value } = match.groups
    if (lone !== undefined)
      matchExpressions.push({ key: lone, operator: not === undefined ? 'Exists' : 'DoesNotExist' })
    else if (key !== undefined)
      matchExpressions.push({
        key,
        operator: set === 'notin' || equals === '!=' ? 'NotIn' : 'In',
        values: (values ?? value ?? '').split(',').map(each => each.trim()),
      })
    rest = rest.slice(match[0].length)
    // What follows a comma is one more.
    if (match[0].trimEnd().endsWith(',') && rest === '') return undefined
  }
  return { matchExpressions }
}

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number]

const name = '[A-Za-z0-9][A-Za-z0-9_./-]*'
const requirement = new RegExp(
  String.raw`^\s*(?:` +
    String.raw`(?<key>${name})\s*(?:\s(?<set>in|notin)\s*\((?<values>[^()]*)\)|(?<equals>==|=|!=)\s*(?<value>[A-Za-z0-9_.-]*))` +
    String.raw`|(?<not>!)?\s*(?<lone>${name})` +
    String.raw`)\s*(?:,|$)\s*`,
)
