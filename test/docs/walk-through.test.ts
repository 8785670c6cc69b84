import { expect, test } from 'bun:test'
import { parsePage } from './markdown.ts'
import { comparable, onlyLooks, rewritten, stepsOf } from './walk-through.ts'

/** How a page that is run is read. */

const fenced = (...blocks: readonly (readonly [language: string, ...lines: readonly string[]])[]): string =>
  blocks.map(([language, ...lines]) => [`\`\`\`${language}`, ...lines, '```', ''].join('\n')).join('\n')
const pageOf = (text: string) => parsePage('p.md', text)

test('blocks are steps, each under its heading', () => {
  const text = `# P\n## A\n${fenced(['yaml', '# a.yaml', 'a: 1'])}## B\n${fenced(['sh', 'x'], ['text', 'y'], ['sh', 'z'])}`
  expect(
    stepsOf(pageOf(text)).map(step => [
      step.heading,
      step.do === 'save' ? [step.file, step.text] : [step.block.text, step.shown?.text],
    ]),
  ).toEqual([
    ['## A', ['a.yaml', '# a.yaml\na: 1\n']],
    ['## B', ['x', 'y']],
    ['## B', ['z', undefined]],
  ])
})

test.each([
  ['a file without a name', fenced(['yaml', 'a: 1']), 'does not name its file'],
  ['an output without a command', fenced(['text', 'x']), 'no command prints this'],
  [
    'an output behind another one',
    fenced(['sh', 'x'], ['text', 'y'], ['text', 'z']),
    'no command prints this',
  ],
  ['another language', fenced(['console', '$ x']), 'nobody knows how to run this'],
])('%s is refused', (_, text, message) => expect(() => stepsOf(pageOf(text))).toThrow(message))

test.each([
  ['dig @10.1.0.4 +short a', true],
  ['dig @10.1.0.4 a | grep status', true],
  ['kubectl -n shop get sr\nsrouter status', true],
  ['srouter failover start a-b --dry-run', true],
  ['srouter failover start a-b', false],
  ['kubectl get service -o yaml >a.yaml', false],
  ['srouter status\nkubectl apply -f a', false],
])('%p only looks: %p', (text, answer) => expect(onlyLooks({ language: 'sh', text, line: 1 })).toBe(answer))

test.each([
  ['web   Active   18s', 'web  Active  2m'],
  ['web   1d2h  x  ', 'web 5s x'.replaceAll(' ', '  ')],
  ['status: NXDOMAIN, id: 1', 'status: NXDOMAIN, id: 29876'],
])('%p is as good as %p', (one, other) => expect(comparable(one)).toBe(comparable(other)))

test.each([
  ['10.1.0.10', '10.1.0.11'],
  ['ttl 60', 'ttl 61'],
  ['status: NXDOMAIN', 'status: NOERROR'],
  ['  a', 'a'],
])('%p is not as good as %p', (one, other) => expect(comparable(one)).not.toBe(comparable(other)))

test('outputs are put where the old ones are', () => {
  const page = pageOf(`a\n${fenced(['sh', 'x'], ['text'], ['sh', 'y'], ['text', '1', '2'])}b\n`)
  const [x, y] = stepsOf(page).flatMap(step =>
    step.do === 'run' && step.shown !== undefined ? [step.shown] : [],
  )
  if (x === undefined || y === undefined) throw new Error('two outputs are shown')
  expect(
    rewritten(page, [
      { shown: x, out: 'X\n' },
      { shown: y, out: 'Y\nZ\n' },
    ]),
  ).toBe(`a\n${fenced(['sh', 'x'], ['text', 'X'], ['sh', 'y'], ['text', 'Y', 'Z'])}b\n`)
})
