import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { picturePath, planPicture } from '../../scripts/pictures/plan.ts'
import { terminalPicture } from '../../scripts/pictures/terminal.ts'
import { root, srouter } from './process.ts'

test('the picture in the README is what plan prints; scripts/generate draws it anew', async () => {
  expect(await planPicture(root, srouter())).toBe(readFileSync(join(root, picturePath), 'utf8'))
})

test('a line is drawn by its cells, and what markup would read otherwise is escaped', () => {
  const picture = terminalPicture('a & b', 'x\u001b[1m  <b>\u001b[0m\r\n')
  expect(picture).toContain('<title>a &amp; b</title>')
  expect(picture.match(/<text .*/g)).toEqual([
    '<text x="20.0" y="34" textLength="8.4">x</text>',
    '<text x="45.2" y="34" textLength="25.2" class="c1">&lt;b&gt;</text>',
  ])
})

test.each([
  ['a colour that it does not know', '\u001b[35mx'],
  ['a cursor that moves', 'a\u001b[2Kb'],
])('%s is refused', (_, screen) => expect(() => terminalPicture('', screen)).toThrow())
