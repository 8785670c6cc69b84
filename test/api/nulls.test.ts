import { expect, test } from 'bun:test'
import { withoutNulls } from '../../src/api/nulls.ts'

const rows: readonly { value: unknown; answer: unknown }[] = [
  { value: { a: 1, b: null }, answer: { a: 1 } },
  { value: { a: { b: null } }, answer: { a: {} } },
  { value: { a: [null, { b: null }] }, answer: { a: [null, {}] } },
  { value: { a: undefined, b: '', c: 0, d: false }, answer: { a: undefined, b: '', c: 0, d: false } },
  { value: null, answer: null },
  { value: undefined, answer: undefined },
  { value: 'a', answer: 'a' },
]

for (const { value, answer } of rows)
  test(JSON.stringify(value) ?? 'undefined', () => expect(withoutNulls(value)).toStrictEqual(answer))

test('what has no nulls is not copied', () => {
  const value = { a: { b: [{ c: 1 }] } }
  expect(withoutNulls(value)).toBe(value)
})

test('the input stays as it is', () => {
  const value = { a: { b: null } }
  withoutNulls(value)
  expect(value).toEqual({ a: { b: null } })
})
