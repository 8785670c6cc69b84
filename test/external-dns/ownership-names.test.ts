import { expect, test } from 'bun:test'
import { ownershipNames } from '../../src/external-dns/ownership-names.ts'

const rows: readonly (readonly [prefix: string, suffix: string, type: string, names: readonly string[]])[] = [
  ['sr-', '', 'A', ['sr-a-web.example.com', 'sr-web.example.com']],
  ['SR-', '', 'CNAME', ['sr-cname-web.example.com', 'sr-web.example.com']],
  ['sr-', '', 'AAAA', ['sr-aaaa-web.example.com']],
  ['', '', 'A', ['a-web.example.com', 'web.example.com']],
  ['%{record_type}-x', '', 'A', ['a-xweb.example.com', '-xweb.example.com']],
  ['', '-sr', 'A', ['a-web-sr.example.com', 'web-sr.example.com']],
  ['', '-%{record_type}', 'CNAME', ['web-cname.example.com', 'web-.example.com']],
]

for (const [prefix, suffix, type, names] of rows)
  test(`ownership of a record ${type} with prefix "${prefix}" and suffix "${suffix}"`, () =>
    expect(ownershipNames({ txtPrefix: prefix, txtSuffix: suffix }, type, 'web.example.com')).toEqual(names))
