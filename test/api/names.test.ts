import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  distinctObjectName,
  dnsNameProblem,
  hostName,
  labelValue,
  objectName,
  ownershipName,
  shortHash,
  targetName,
} from '../../src/api/names.ts'
import { letters } from './manifests.ts'

const identity = { region: 'weu', cluster: 'aks01', domain: 'aks.example.com', environmentLetter: 'p' }

test('hostName', () =>
  expect(hostName({ serviceName: 'myapp', environment: 'prod', application: 'app1' }, identity)).toBe(
    'myapp-ns-p-prod-app1.aks.example.com',
  ))

test('targetName', () => expect(targetName(identity, 'internal')).toBe('aks01-weu-internal.aks.example.com'))

describe('dnsNameProblem', () => {
  const rows: readonly [name: string, problem: string | undefined][] = [
    ['a-b.example.com', undefined],
    ['a', undefined],
    ['1.2', undefined],
    ['a--b.example.com', undefined],
    ['_edns-cname-a.example.com', undefined],
    [`${letters(63)}.example.com`, undefined],
    [`${`${letters(49)}.`.repeat(5)}abc`, undefined],
    ['', 'it has an empty label'],
    ['a..example.com', 'it has an empty label'],
    ['.example.com', 'it has an empty label'],
    ['example.com.', 'it has an empty label'],
    ['-a.example.com', 'its label "-a" begins with a hyphen'],
    ['a.b-.example.com', 'its label "b-" ends with a hyphen'],
    ['-', 'its label "-" begins with a hyphen'],
    [`${letters(64)}.com`, `its label "${letters(64)}" has 64 characters, 63 at most`],
    [`${`${letters(49)}.`.repeat(5)}abcd`, 'it has 254 characters, 253 at most'],
    ['A.example.com', 'its label "A" has a character that is not a-z, 0-9, "-" or "_"'],
    ['*.example.com', 'its label "*" has a character that is not a-z, 0-9, "-" or "_"'],
    ['ä.example.com', 'its label "ä" has a character that is not a-z, 0-9, "-" or "_"'],
    ['a\n', 'its label "a\n" has a character that is not a-z, 0-9, "-" or "_"'],
  ]
  for (const [name, problem] of rows)
    test(name.slice(0, 40), () => expect(dnsNameProblem(name)).toBe(problem as string))
})

describe('ownershipName', () => {
  const rows: readonly [prefix: string, type: string, name: string, answer: string][] = [
    ['edns-', 'CNAME', 'a.b.com', 'edns-cname-a.b.com'],
    ['edns-', 'A', 'a.b.com', 'edns-a-a.b.com'],
    ['edns-', 'AAAA', 'a.b.com', 'edns-aaaa-a.b.com'],
    ['edns.', 'CNAME', 'a.b.com', 'edns.cname-a.b.com'],
    ['', 'CNAME', 'a.b.com', 'cname-a.b.com'],
    ['edns-%{record_type}-', 'A', 'a.b.com', 'edns-a-a.b.com'],
    ['%{record_type}.%{record_type}-', 'A', 'a.b.com', 'a.a-a.b.com'],
  ]
  for (const [prefix, type, name, answer] of rows)
    test(`${prefix} ${type}`, () => expect(ownershipName(prefix, type, name)).toBe(answer))
})

test('shortHash is the beginning of SHA-256', () => {
  expect(shortHash('')).toBe('e3b0c442')
  expect(shortHash('abc')).toBe('ba7816bf')
})

describe('labelValue', () => {
  const rows: readonly [value: string, answer: string][] = [
    ['external-dns-weu', 'external-dns-weu'],
    ['', ''],
    ['A_b.c-1', 'A_b.c-1'],
    [letters(63), letters(63)],
    [letters(64), `${letters(54)}-${shortHash(letters(64))}`],
    [`${letters(53)}..${letters(9)}`, `${letters(53)}-${shortHash(`${letters(53)}..${letters(9)}`)}`],
    ['a.', `a-${shortHash('a.')}`],
    ['-a', `a-${shortHash('-a')}`],
    ['a/b', `a-b-${shortHash('a/b')}`],
    ['---', shortHash('---')],
    ['ä', shortHash('ä')],
  ]
  for (const [value, answer] of rows) test(value.slice(0, 30), () => expect(labelValue(value)).toBe(answer))
})

describe('objectName', () => {
  const rows: readonly [value: string, answer: string][] = [
    ['api-external-dns-weu', 'api-external-dns-weu'],
    ['a.b', 'a.b'],
    [letters(253), letters(253)],
    [letters(254), `${letters(244)}-${shortHash(letters(254))}`],
    ['', shortHash('')],
    ['Api', `api-${shortHash('Api')}`],
    ['a_b', `a-b-${shortHash('a_b')}`],
    ['-a-', `a-${shortHash('-a-')}`],
    ['a..b', `a.b-${shortHash('a..b')}`],
    ['a-.-b', `a.b-${shortHash('a-.-b')}`],
    ['a.-.b', `a.b-${shortHash('a.-.b')}`],
    ['.', shortHash('.')],
    [`${letters(243)}.${letters(20)}`, `${letters(243)}-${shortHash(`${letters(243)}.${letters(20)}`)}`],
  ]
  for (const [value, answer] of rows) test(value.slice(0, 30), () => expect(objectName(value)).toBe(answer))
})

test('distinctObjectName tells two objects of one name apart', () => {
  const [first, second] = ['a/b-c', 'a-b/c'].map(identity => distinctObjectName('a-b-c', identity))
  expect(first).toBe(`a-b-c-${shortHash('a/b-c')}`)
  expect(second).not.toBe(first as string)
})

describe('of any text', () => {
  // Kubernetes' own expressions: apimachinery/pkg/util/validation.
  const label = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/
  const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ unit: fc.constantFrom('a', 'B', '0', '-', '.', '_', 'ä', 'İ', '😀'), maxLength: 400 }),
  )
  const legalLabel = (value: string) => value.length <= 63 && label.test(value)
  const legalName = (value: string) => value.length <= 253 && subdomain.test(value)
  const holds = (property: fc.IProperty<[string] | [string, string]>) =>
    fc.assert(property, { numRuns: 3000 })

  test('labelValue is legal', () => holds(fc.property(text, value => legalLabel(labelValue(value)))))

  test('objectName is legal', () => holds(fc.property(text, value => legalName(objectName(value)))))

  test('distinctObjectName is legal', () =>
    holds(fc.property(text, text, (value, identity) => legalName(distinctObjectName(value, identity)))))

  test('a second time changes nothing', () =>
    holds(
      fc.property(text, value => {
        expect(labelValue(labelValue(value))).toBe(labelValue(value))
        expect(objectName(objectName(value))).toBe(objectName(value))
      }),
    ))

  test('what is legal stays', () =>
    holds(
      fc.property(text, value => {
        if (legalLabel(value)) expect(labelValue(value)).toBe(value)
        if (legalName(value)) expect(objectName(value)).toBe(value)
      }),
    ))

  test('different texts that were cut stay different', () => {
    const long = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 })
    holds(
      fc.property(long, long, (one, other) => {
        fc.pre(one !== other)
        const [a, b] = [letters(400) + one, letters(400) + other]
        expect(labelValue(a)).not.toBe(labelValue(b))
        expect(objectName(a)).not.toBe(objectName(b))
      }),
    )
    holds(
      fc.property(text, text, (a, b) => {
        fc.pre(a !== b)
        if (labelValue(a) !== a && labelValue(b) !== b) expect(labelValue(a)).not.toBe(labelValue(b))
        if (objectName(a) !== a && objectName(b) !== b) expect(objectName(a)).not.toBe(objectName(b))
      }),
    )
  })
})
