import { describe, expect, test } from 'bun:test'
import { inChunks } from '../../../src/cli/render/chunks.ts'
import { repositoryPath } from '../../../src/cli/render/findings/repository-path.ts'
import { paragraph, wrapped } from '../../../src/cli/render/layout.ts'
import { createRoom } from '../../../src/cli/render/room.ts'
import { sentenceOf } from '../../../src/cli/render/words.ts'
import { xmlAttribute, xmlText } from '../../../src/cli/render/xml.ts'

describe('sentenceOf', () => {
  test.each([
    ['HostConflict', 'Host conflict'],
    ['DNSPolicyNotFound', 'DNS policy not found'],
    ['LoadBalancerIPPending', 'Load balancer IP pending'],
    ['InvalidSpec', 'Invalid spec'],
    ['BrakeTripped', 'Brake tripped'],
    ['x', 'x'],
    ['', ''],
  ])('%s', (code, words) => expect(sentenceOf(code)).toBe(words))
})

describe('xml', () => {
  test.each([
    ['a < b > c & "d"', 'a &lt; b &gt; c &amp; "d"', 'a &lt; b &gt; c &amp; &quot;d&quot;'],
    ['two\nlines\t\r', 'two\nlines\t&#13;', 'two&#10;lines&#9;&#13;'],
    [']]>', ']]&gt;', ']]&gt;'],
    ['\u0000\u001b\ufffe\ud800', '\ufffd\ufffd\ufffd\ufffd', '\ufffd\ufffd\ufffd\ufffd'],
    ['é 😀', 'é 😀', 'é 😀'],
  ])('%j', (raw, text, attribute) => {
    expect(xmlText(raw)).toBe(text)
    expect(xmlAttribute(raw)).toBe(attribute)
  })
})

describe('layout', () => {
  test.each([
    [['aa', 'bb', 'cc'], 5, ['aa bb', 'cc']],
    [['much-too-long', 'b'], 5, ['much-too-long', 'b']],
    [[], 5, []],
    [['a'], 0, ['a']],
  ])('wrapped %j in %d', (pieces, room, lines) => expect(wrapped(pieces, room)).toEqual(lines))

  test('a paragraph keeps its indent', () => {
    expect(paragraph('one two three', '  ', 9)).toEqual(['  one two', '  three'])
  })
})

test('chunks are full, and nothing is lost', () => {
  expect([...inChunks(['aa', 'bb', 'cc', 'd', ''], 4)]).toEqual(['aabb', 'ccd'])
  expect([...inChunks([])]).toEqual([])
})

test('a room closes at the first that does not fit', () => {
  const room = createRoom(5)
  expect(['aaa', 'bbb', 'c'].map(text => room.take(text))).toEqual([true, false, false])
  expect(room.closed).toBe(true)
})

describe('repositoryPath', () => {
  test.each([
    ['./apps//api.yaml', 'apps/api.yaml'],
    ['apps/./api.yaml', 'apps/api.yaml'],
    ['../api.yaml', '../api.yaml'],
    ['/srv/api.yaml', '/srv/api.yaml'],
    ['-', '-'],
  ])('%s', (file, path) => expect(repositoryPath(file)).toBe(path))
})
