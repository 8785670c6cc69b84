import { describe, expect, test } from 'bun:test'
import { briefs, readText, route } from './support.ts'

const size = 250_000
const filled = (unit: (index: number) => string): string => {
  const parts: string[] = []
  for (let length = 0; length < size; length += parts.at(-1)?.length ?? 1) parts.push(unit(parts.length))
  return parts.join('')
}
const head = 'apiVersion: routing.router.io/v1alpha1\nkind: ServiceRoute\n'
const listOf = (item: string): string => `kind: List\nitems:\n${filled(() => item)}`
const bomb = (levels: number, width: number): string =>
  [
    'a: &a0 [x]',
    ...Array.from(
      { length: levels },
      (_, i) => `b${i}: &a${i + 1} [${Array(width).fill(`*a${i}`).join(', ')}]`,
    ),
  ].join('\n')

const aliases = '*a, '.repeat(1000)

/** Inputs that are easy to write and hard to read, and the first finding there is. */
const hostile: Readonly<Record<string, readonly [() => string, string | undefined]>> = {
  'aliases of aliases': [() => bomb(30, 9), 'TooComplex 1:1'],
  'few aliases of aliases': [() => bomb(4, 9), 'TooComplex 1:1'],
  'an alias of itself': [() => 'a: &a [*a]', 'TooComplex 1:1'],
  'many aliases': [() => `a: &a 1\nb:\n${filled(() => '- *a\n')}`, 'NotAResource 1:1'],
  'aliases of a long text': [() => `a: &a ${'x'.repeat(size)}\nb: [${aliases}]`, 'TooComplex 1:1'],
  'of one in quotes, behind a tag': [
    () => `a: !!str &a !x "${'x'.repeat(size)}"\nb: [${aliases}]`,
    'TooComplex 1:1',
  ],
  'of one over many lines': [
    () => `a: &a # x: y\n  |- # x: y\n${filled(() => '  xxxxxxxx\n')}b: [${aliases}]`,
    'TooComplex 1:1',
  ],
  'of one that is a key': [
    () => `? !!str\n  &a\n  '${'x'.repeat(size)}'\n: 1\nb: [${aliases}]`,
    'TooComplex 1:1',
  ],
  'of one in flow style': [() => `{? "a" :&a "${'x'.repeat(size)}", "b":[${aliases}]}`, 'TooComplex 1:1'],
  'many bombs': [() => filled(() => `${bomb(3, 9)}\n---\n`), 'TooComplex 1:1'],
  merges: [
    () => `a: &a {${Array.from({ length: 500 }, (_, i) => `k${i}: 1`)}}\nb:\n${'- <<: *a\n'.repeat(9999)}`,
    'TooComplex 1:1',
  ],
  'anchors before a long text': [
    () => `a: [${'&a x,'.repeat(size / 10)}\n${'  x\n'.repeat(size / 8)}]`,
    'TooComplex 1:1',
  ],
  'open brackets': [() => '['.repeat(size), 'ParseError 1:1'],
  'open braces': [() => '{a: '.repeat(size / 4), 'ParseError 1:1'],
  dashes: [() => '- '.repeat(size / 2), 'ParseError 1:1'],
  'deeper and deeper': [() => filled(i => `${' '.repeat(i)}a:\n`), 'ParseError 1:1'],
  quotes: [() => '"'.repeat(size - 1), 'ParseError 1:3'],
  colons: [() => ':'.repeat(size), 'NotAResource 1:1'],
  markers: [() => '---\n'.repeat(size / 4), undefined],
  'document ends': [() => '...\n'.repeat(size / 4), undefined],
  directives: [() => '%a\n---\n'.repeat(size / 7), 'ParseError 3:1'],
  'empty lines': [() => '\n'.repeat(size), undefined],
  'one long line': [() => `a: ${'x'.repeat(size)}`, 'NotAResource 1:1'],
  'carriage returns': [() => '\r'.repeat(size), undefined],
  'a large map': [
    () => `${head}metadata: {name: a, namespace: b}\nspec:\n${filled(i => `  k${i}: 1\n`)}`,
    undefined,
  ],
  'a large map with a key twice': [
    () => `${head}metadata: {name: a, namespace: b}\nspec:\n  k0: 1\n${filled(i => `  k${i}: 1\n`)}`,
    'DuplicateKey 6:3',
  ],
  'many labels': [
    () => `${head}metadata:\n  name: a\n  labels:\n${filled(i => `    k${i}: 1\n`)}`,
    'InvalidMetadata 5:3',
  ],
  'many fields': [() => route('a') + filled(i => `k${i}: 1\n`), 'UnknownField 11:1'],
  'many fields of metadata': [
    () => `${head}metadata:\n  name: a\n${filled(i => `  k${i}: 1\n`)}`,
    'MissingNamespace 3:1',
  ],
  'many empty items': [() => listOf('- x\n'), 'NotAResource 3:3'],
  'many Lists': [() => listOf('- {kind: List, items: [null]}\n'), 'NotAResource 3:24'],
  'many duplicates': [() => filled(i => `${route(`a${i}`)}kind: x\n---\n`), 'UnknownKind 2:1'],
  'many mistakes': [() => filled(() => `${route('a')}  b: c: d\n---\n`), 'ParseError 11:6'],
  'many tags': [() => filled(i => `${route(`a${i}`)}  b: !!str d\n---\n`), undefined],
  'many of one name': [() => filled(() => `${route('a')}---\n`), 'DuplicateResource 12:1'],
  'a large List in flow style': [
    () =>
      `kind: List\nitems: [${filled(i => `{${head.replace('\n', ', ').trim()}, metadata: {name: a${i}}}, `)}]`,
    'MissingNamespace 1:1',
  ],
  'JSON brackets': [() => '{"a":'.repeat(size / 5), 'ParseError 1:1'],
}

/** Processor time, because a clock also counts what the machine does beside. */
const mostSeconds = 10

describe('hostile input', () => {
  for (const [name, [text, first]] of Object.entries(hostile))
    test(name, async () => {
      const before = process.cpuUsage()
      const input = await readText(text())
      const { user, system } = process.cpuUsage(before)
      expect((user + system) / 1e6).toBeLessThan(mostSeconds)
      expect(briefs(input)[0]).toBe(first as string)
      // What is kept must be safe to go through for whoever reads it.
      expect(JSON.stringify(input.objects).length).toBeLessThan(20 * size)
    }, 120_000)
})

test('there is an end to findings', async () => {
  const { findings } = await readText(`kind: List\nitems:\n${'-\n'.repeat(100_001)}`)
  expect(findings.length).toBe(100_001)
  expect(findings.filter(({ code }) => code === 'TooManyFindings').length).toBe(1)
})
