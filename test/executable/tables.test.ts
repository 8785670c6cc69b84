import { describe, expect, test } from 'bun:test'
import { stringify } from 'yaml'
import type { KubeObject } from '../../src/api/object.ts'
import { validateFiles } from '../../src/cli/validation.ts'
import type { LocatedFinding } from '../../src/engine/finding.ts'
import { accepted } from '../api/accepted.ts'

import { rejected, withoutNamespaces } from '../api/rejected.ts'
import { execute, srouter } from './process.ts'

/**
 * What must be refused and what must be accepted (test/api), written down in every style and read again: `validate`
 * has to say the same as the engine does of the objects, at the right place.
 */

const block = (objects: readonly KubeObject[]): string =>
  objects.map(object => stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 })).join('---\n')
const styles: Readonly<Record<string, (objects: readonly KubeObject[]) => string>> = {
  'block style': block,
  'flow style': objects =>
    objects
      .map(object =>
        stringify(object, { aliasDuplicateObjects: false, collectionStyle: 'flow', lineWidth: 0 }),
      )
      .join('---\n'),
  'a List': items =>
    stringify({ apiVersion: 'v1', kind: 'List', items }, { aliasDuplicateObjects: false, lineWidth: 0 }),
  JSON: items => JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2),
  'JSON in one line': items => JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  'the style of Windows': objects => block(objects).replaceAll('\n', '\r\n'),
}

const findingsIn = async (text: string): Promise<readonly LocatedFinding[]> => {
  const { findings } = await validateFiles({
    files: ['-'],
    namespace: undefined,
    strict: false,
    defaultGatewayNamespace: 'istio-system',
    stdin: { read: async () => text },
  })
  return findings
}

const errorsIn = async (text: string): Promise<readonly LocatedFinding[]> =>
  (await findingsIn(text)).filter(({ severity }) => severity === 'error')

/** Whether a finding that names a field points at the field, or where it is missing at what should have it. */
const isInPlace = ({ message, line = 1, column = 1 }: LocatedFinding, text: string): boolean => {
  const [, path] = /^(spec(?:[.[][^\s]*)?) (?:is|has|must)/.exec(message) ?? []
  if (path === undefined) return true
  const [parent = '', key = ''] = ['spec', ...path.split('.')].slice(-2)
  const there = text.split(/\r?\n/)[line - 1]?.slice(column - 1) ?? ''
  // Of an item there is only its value.
  const isAt = (name: string): boolean =>
    name.endsWith(']') || there.startsWith(name) || there.startsWith(`"${name}"`)
  // What is missing may be there as null.
  return isAt(key) || (message.endsWith('is missing') && isAt(parent))
}

describe.each(Object.entries(styles))('%s', (_, write) => {
  test('everything that must be refused is', async () => {
    const missed: string[] = []
    for (const { what, object, beside = [], code } of rejected) {
      const text = write([...beside, object])
      const errors = await errorsIn(text)
      if (!errors.some(error => error.code === code)) missed.push(what)
      for (const error of errors)
        if (!isInPlace(error, text)) missed.push(`${what}: ${error.line}:${error.column}`)
    }
    expect(missed).toEqual([])
  }, 60_000)

  test('everything that must be accepted is', async () => {
    const refused: string[] = []
    for (const { what, object, beside = [] } of accepted)
      for (const { message } of await errorsIn(write([...beside, object])))
        refused.push(`${what}: ${message}`)
    expect(refused).toEqual([])
  }, 60_000)

  test('a namespaced resource names its namespace', async () => {
    for (const object of withoutNamespaces)
      expect((await errorsIn(write([object]))).map(({ code }) => code)).toEqual(['MissingNamespace'])
  })
})

const firstOfEach = <T extends { readonly kind: string }>(rows: readonly T[]): readonly T[] => [
  ...new Map(rows.toReversed().map(row => [row.kind, row])).values(),
]

describe('the executable', () => {
  const validate = (objects: readonly KubeObject[]) =>
    execute(srouter(), ['validate', '-o', 'json', '-f', '-'], { stdin: block(objects) })

  test.each(firstOfEach(rejected).map(row => [row.kind, row.what, row] as const))(
    'refuses a %s: %s',
    async (_kind, _what, row) => {
      const { code, out } = await validate([...(row.beside ?? []), row.object])
      expect(code).toBe(1)
      expect(JSON.parse(out).findings.map((finding: { code: string }) => finding.code)).toContain(row.code)
    },
  )

  test.each(firstOfEach(accepted).map(row => [row.kind, row.what, row] as const))(
    'accepts a %s: %s',
    async (_kind, _what, row) => {
      const { code, out } = await validate([...(row.beside ?? []), row.object])
      expect([code, JSON.parse(out).summary.errors]).toEqual([0, 0])
    },
  )
})
