import { describe, expect, test } from 'bun:test'
import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import * as v from 'valibot'
import { type Structural, structural } from '../../scripts/crds/structural.ts'
import { ipAddress } from '../../src/api/fields.ts'
import { routerKinds } from '../../src/api/kinds.ts'
import { withoutNulls } from '../../src/api/nulls.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { accepted } from './accepted.ts'
import { fieldTable } from './field-table.ts'
import { rejected } from './rejected.ts'

const issuesOf = (object: KubeObject): readonly string[] => {
  const kind = routerKinds.find(({ kind }) => kind === object.kind)
  if (kind === undefined) throw new Error(`no kind ${object.kind}`)
  const result = v.safeParse(kind.spec, withoutNulls(object.spec) ?? {}, { abortPipeEarly: true })
  return result.issues?.map(issue => `${v.getDotPath(issue) ?? ''}: ${issue.message}`) ?? []
}

describe('the schemas refuse what the API server refuses', () => {
  for (const { kind, what, object, server } of rejected) {
    if (typeof server !== 'string' || server === 'name') continue
    test(`${kind}: ${what}`, () => expect(issuesOf(object)).not.toEqual([]))
  }
})

describe('the schemas accept', () => {
  for (const { kind, what, object, beside = [] } of accepted)
    test(`${kind}: ${what}`, () => expect([object, ...beside].flatMap(issuesOf)).toEqual([]))

  test('what stands beside a rejected object', () =>
    expect(rejected.flatMap(row => row.beside ?? []).flatMap(issuesOf)).toEqual([]))
})

test('every field of every kind has its row', () => {
  const rows = new Set(fieldTable.map(row => `${row.kind} ${row.field}`))
  const fields = routerKinds.flatMap(({ kind, spec }) =>
    fieldsOf(structural(spec)).map(field => `${kind} ${field}`),
  )
  expect(fields.filter(field => !rows.has(field))).toEqual([])
  expect([...rows].filter(row => !fields.includes(row))).toEqual([])
})

/** The paths of all fields, and of the items of lists of plain values. */
const fieldsOf = (schema: Structural): readonly string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const items = property.items
    const below =
      items === undefined ? fieldsOf(property) : items.properties === undefined ? [''] : fieldsOf(items)
    const prefix = items === undefined ? `${name}.` : `${name}.0.`
    // An item without rules of its own has nothing to try but its type, which the row of its list does.
    const plain = items !== undefined && items.properties === undefined && items.pattern === undefined
    return [name, ...(plain ? [] : below.map(path => `${prefix}${path}`.replace(/\.$/, '')))]
  })

describe('"" and null mean "not set"', () => {
  const policySpec = routerKinds.find(({ kind }) => kind === 'DNSPolicy')?.spec ?? v.never()
  for (const nothing of ['', null, undefined])
    test(JSON.stringify(nothing) ?? 'undefined', () => {
      const spec = withoutNulls({ sourceRegion: nothing, sourceCluster: 'aks01' })
      expect(v.parse(policySpec, spec)).toEqual({
        mode: 'Active',
        sourceCluster: 'aks01',
        sourceRegion: undefined,
      })
    })
})

describe('IP addresses are those that the platform knows', () => {
  const address = ipAddress('')
  const known = (text: string): boolean =>
    isIPv4(text) || (isIPv6(text) && !text.includes('.') && !text.includes('%'))

  test('those there are', () =>
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text => v.is(address, text) === known(text)),
      { numRuns: 2000 },
    ))

  test('and near misses', () => {
    const group = fc.oneof(
      fc.constantFrom('', ':', '0', 'ffff', '12345', 'g'),
      fc.nat(0xffff).map(number => number.toString(16)),
    )
    const dotted = fc
      .array(fc.nat(300).map(String), { minLength: 3, maxLength: 5 })
      .map(parts => parts.join('.'))
    const colons = fc.array(group, { minLength: 1, maxLength: 10 }).map(parts => parts.join(':'))
    fc.assert(
      fc.property(fc.oneof(dotted, colons), text => v.is(address, text) === known(text)),
      { numRuns: 5000 },
    )
  })
})
