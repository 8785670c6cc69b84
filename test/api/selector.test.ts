import { expect, test } from 'bun:test'
import { parseSelector } from '../../src/api/selector.ts'

const rows: readonly [string, string | undefined][] = [
  ['', ''],
  ['a=b', 'a In b'],
  ['a == b', 'a In b'],
  ['a=', 'a In '],
  ['x.io/a!=b , c', 'x.io/a NotIn b; c Exists'],
  ['a in (b, c),!d', 'a In b,c; d DoesNotExist'],
  ['a notin (b)', 'a NotIn b'],
  ['in', 'in Exists'],
  ['a=b,', undefined],
  ['a b', undefined],
  ['a=b=c', undefined],
  ['a in b', undefined],
  ['=b', undefined],
]

test.each(rows)('the selector "%s"', (text, answer) =>
  expect(
    parseSelector(text)
      ?.matchExpressions?.map(({ key, operator, values }) =>
        [key, operator, ...(values === undefined ? [] : [values.join()])].join(' '),
      )
      .join('; '),
  ).toBe(answer),
)
