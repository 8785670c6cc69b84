import { describe, expect, test } from 'bun:test'
import {
  escapeMarkdown,
  escapeTerminal,
  escapeWorkflowData,
  escapeWorkflowProperty,
  markdownCode,
} from '../../src/cli/render/escape.ts'

type Rows = readonly (readonly [text: string, expected: string])[]

const rowsOf = (name: string, escaped: (text: string) => string, rows: Rows): void =>
  describe(name, () => {
    test.each(rows.map(([text, expected]) => [JSON.stringify(text), text, expected] as const))(
      '%s',
      (_, text, expected) => expect(escaped(text)).toBe(expected),
    )
  })

rowsOf('escapeTerminal', text => escapeTerminal(text), [
  ['', ''],
  ['plain Ünïcödé 日本 👩‍👩‍👧', 'plain Ünïcödé 日本 👩‍👩‍👧'],
  ['\u001b[31mred', '\\u001b[31mred'],
  ['\u001b]8;;http://a\u0007link', '\\u001b]8;;http://a\\u0007link'],
  ['a\nb\r\nc\td', 'a\\nb\\r\\nc\\td'],
  ['\u0000\u0008\u007f', '\\u0000\\u0008\\u007f'],
  ['\u009b31m\u0085', '\\u009b31m\\u0085'],
  ['a\u202egpj.exe\u202c', 'a\\u202egpj.exe\\u202c'],
  ['\u2066a\u2069\u200e\u200f\u061c', '\\u2066a\\u2069\\u200e\\u200f\\u061c'],
  ['a\u200bb\ufeff\u00ad\u2028', 'a\\u200bb\\ufeff\\u00ad\\u2028'],
  ['a ##[stop-commands]b', 'a #\\u0023[stop-commands]b'],
  ['##vso[task.complete]', '#\\u0023vso[task.complete]'],
  ['####[x] ## a #[b]', '###\\u0023[x] ## a #[b]'],
  ['::stop-commands::x.yaml', '\\u003a:stop-commands::x.yaml'],
  [' \u3000::error file=a::b', ' \u3000\\u003a:error file=a::b'],
  ['a ::error::b', 'a ::error::b'],
  ['::1, ::ffff:1', '::1, ::ffff:1'],
])

rowsOf('escapeTerminal, newlines kept', text => escapeTerminal(text, 'keep'), [
  ['a\nb', 'a\nb'],
  ['a\r\nb', 'a\\r\nb'],
  ['\u001b[2J\n', '\\u001b[2J\n'],
  ['a\n::error::b', 'a\n\\u003a:error::b'],
])

test('escaped JSON is the same JSON', () => {
  const data = { text: 'a\u001b\u009b\u202e\n"\\\u2028##[a]', '::a::': '\\##[' }
  const escaped = escapeTerminal(JSON.stringify(data, null, 2), 'keep')
  expect(JSON.parse(escaped)).toEqual(data)
  expect(escaped).not.toMatch(/[\u007f-\u009f\u202e\u2028]/)
})

rowsOf('escapeWorkflowData', escapeWorkflowData, [
  ['100% of a:b,c', '100%25 of a:b,c'],
  ['two\r\nlines', 'two%0D%0Alines'],
  ['%0A', '%250A'],
  ['\u001b[31m', '\\u001b[31m'],
  ['##vso[a]', '#\\u0023vso[a]'],
])

rowsOf('escapeWorkflowProperty', escapeWorkflowProperty, [
  ['C:\\a,b.yaml', 'C%3A\\a%2Cb.yaml'],
  ['a\n::set-env name=x::y', 'a%0A%3A%3Aset-env name=x%3A%3Ay'],
  ['50%', '50%25'],
])

rowsOf('escapeMarkdown', escapeMarkdown, [
  ['api-ns-p-prod-app1.aks.example.com → 10.1.2.3', 'api-ns-p-prod-app1.aks.example.com → 10.1.2.3'],
  ['a|b', 'a&#124;b'],
  ['`code` *bold* _it_ ~x~', '\\`code\\` \\*bold\\* \\_it\\_ \\~x\\~'],
  ['<img src=x> &amp;', '&lt;img src=x&gt; &amp;amp;'],
  ['[x](javascript:y) ![z](http://t)', '\\[x\\](javascript:y) \\!\\[z\\](http://t)'],
  ['two\r\nlines\nthree', 'two<br>lines<br>three'],
  ['@team #1', '@<!-- -->team \\#1'],
  ['back\\slash \u001b', 'back\\\\slash \\\\u001b'],
])

rowsOf('markdownCode', markdownCode, [
  ['a.example.com', '`a.example.com`'],
  ['a`b', '``a`b``'],
  ['`a`', '`` `a` ``'],
  ['a|b', '`a\\|b`'],
  ['a\n| b', '`a\\n\\| b`'],
])
