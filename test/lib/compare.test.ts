import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { byKey, byText } from '../../src/lib/compare.ts'

describe('byText', () => {
  const rows: readonly [a: string, b: string, order: number][] = [
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['a', 'a', 0],
    ['', 'a', -1],
    ['a', 'aa', -1],
    // By code unit, not as a locale has it.
    ['B', 'a', -1],
    ['z', 'ä', -1],
    ['a10', 'a9', -1],
  ]
  for (const [a, b, order] of rows) test(`"${a}" and "${b}"`, () => expect(byText(a, b)).toBe(order))

  test('is the order of sort()', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), texts => {
        expect(texts.toSorted(byText)).toEqual(texts.toSorted())
      }),
    ))
})

describe('byKey', () => {
  const of = (text: string) => ({ kind: text.slice(0, 1), name: text.slice(1) })
  const order = byKey<ReturnType<typeof of>>(
    value => value.kind,
    value => value.name,
  )
  const rows: readonly [a: string, b: string, order: number][] = [
    ['a1', 'b0', -1],
    ['a1', 'a2', -1],
    ['a2', 'a1', 1],
    ['a1', 'a1', 0],
  ]
  for (const [a, b, answer] of rows) test(`${a} and ${b}`, () => expect(order(of(a), of(b))).toBe(answer))

  test('without keys all are equal', () => expect(byKey<string>()('a', 'b')).toBe(0))
})
