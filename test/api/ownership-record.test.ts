import { describe, expect, test } from 'bun:test'
import { type OwnershipRecord, parseOwnership } from '../../src/api/ownership-record.ts'

describe('an ownership record', () => {
  const rows: readonly [text: string, answer: OwnershipRecord | undefined][] = [
    [
      'heritage=external-dns,external-dns/owner=weu,external-dns/resource=crd/app1/api-external-dns-weu',
      { owner: 'weu', resource: 'crd/app1/api-external-dns-weu' },
    ],
    [
      '"heritage=external-dns,external-dns/owner=weu,external-dns/resource=crd/app1/api"',
      { owner: 'weu', resource: 'crd/app1/api' },
    ],
    ['heritage=external-dns,external-dns/owner=weu', { owner: 'weu', resource: undefined }],
    [
      'heritage=external-dns,external-dns/extra=a=b,external-dns/owner=a=b',
      { owner: 'a=b', resource: undefined },
    ],
    ['heritage=external-dns,external-dns/owner=', { owner: '', resource: undefined }],
    ['heritage=external-dns', undefined],
    ['heritage=other,external-dns/owner=weu', undefined],
    ['v=spf1 -all', undefined],
    ['h2lkyGVuY3J5cHRlZA==', undefined],
    ['', undefined],
  ]
  for (const [text, answer] of rows)
    test(text || '(empty)', () => expect(parseOwnership(text)).toEqual(answer))
})
