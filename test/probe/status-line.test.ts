import { describe, expect, test } from 'bun:test'
import { createHeadReader } from '../../src/probe/status-line.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

const rows: readonly [what: string, text: string, is: string][] = [
  ['a whole answer', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', '200'],
  ['the status alone', 'HTTP/1.1 204 ', '204'],
  ['no reason', 'HTTP/1.1 204\r\n', '204'],
  ['a bare line feed', 'HTTP/1.0 503\n', '503'],
  ['HTTP/1.0', 'HTTP/1.0 301 Moved\r\n', '301'],
  ['a reason full of control characters', 'HTTP/1.1 500 \x1b[31m\0', '500'],
  ['a status that is cut short', 'HTTP/1.1 20', 'incomplete'],
  ['a status that may go on', 'HTTP/1.1 200', 'incomplete'],
  ['nothing', '', 'incomplete'],
  ['a beginning', 'HTT', 'incomplete'],
  ['Continue alone', 'HTTP/1.1 100 Continue\r\n\r\n', 'incomplete'],
  ['Continue whose header has no end', 'HTTP/1.1 100 Continue\r\nx: y\r\n', 'incomplete'],
  ['Continue and an answer', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n', '200'],
  ['two interim answers', 'HTTP/1.1 103 \r\nlink: </x>\r\n\r\nHTTP/1.1 102 \n\nHTTP/1.1 404 ', '404'],
  ['other protocols', 'HTTP/1.1 101 Switching\r\n\r\n\x81\x05hello', '101'],
  ['Continue and rubbish', 'HTTP/1.1 100 \r\n\r\nrubbish', 'foreign'],
  ['HTTP/2 in words', 'HTTP/2 200 OK\r\n', 'foreign'],
  ['a frame of HTTP/2', '\0\0\x12\x04\0\0\0\0\0', 'foreign'],
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n', 'foreign'],
  ['SMTP', '220 mail\r\n', 'foreign'],
  ['a status of four digits', 'HTTP/1.1 2000 ', 'foreign'],
  ['a status of two', 'HTTP/1.1 20 ', 'foreign'],
  ['no number', 'HTTP/1.1 OK', 'foreign'],
  ['two spaces', 'HTTP/1.1  200 OK', 'foreign'],
  ['a header without an end', `HTTP/1.1 100 \r\n${'a: b\r\n'.repeat(5_000)}`, 'foreign'],
]

const say = (head: ReturnType<ReturnType<typeof createHeadReader>>): string =>
  head.state === 'answered' ? String(head.status) : head.state

describe('the beginning of an answer', () => {
  for (const [what, text, is] of rows) {
    test(`${what}: ${is}`, () => expect(say(createHeadReader()(bytes(text)))).toBe(is))

    test(`${what}, byte by byte: ${is}`, () => {
      const read = createHeadReader()
      let head = read(bytes(''))
      for (const byte of bytes(text)) {
        head = read(Uint8Array.of(byte))
        if (head.state !== 'incomplete') break
      }
      expect(say(head)).toBe(is)
    })
  }

  test('interim answers for ever are none', () => {
    const read = createHeadReader()
    let head = read(bytes(''))
    for (let i = 0; i < 10_000 && head.state === 'incomplete'; i++)
      head = read(bytes('HTTP/1.1 103 Early Hints\r\n\r\n'))
    expect(head.state).toBe('foreign')
  })
})
