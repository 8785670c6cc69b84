import type { LabelSelector } from '../api/gateway.ts'

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
