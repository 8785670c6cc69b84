import { describe, expect, test } from 'bun:test'
import { createLog, type Log, type LogFormat, type LogLevel } from '../../src/lib/log.ts'

const linesOf = (level: LogLevel, format: LogFormat, use: (log: Log) => void): readonly string[] => {
  const lines: string[] = []
  use(createLog({ level, format, clock: { now: () => 0 }, write: line => lines.push(line) }))
  return lines
}

const sayAll = (log: Log): void => {
  log.error('E')
  log.warn('W')
  log.info('I')
  log.debug('D')
}

describe('levels', () => {
  const rows: readonly (readonly [LogLevel, readonly string[]])[] = [
    ['error', ['error: E']],
    ['warn', ['error: E', 'warn: W']],
    ['info', ['error: E', 'warn: W', 'info: I']],
    ['debug', ['error: E', 'warn: W', 'info: I', 'debug: D']],
  ]
  test.each(rows)('%p', (level, lines) => expect(linesOf(level, 'text', sayAll)).toEqual([...lines]))
})

test('text: fields that need it are quoted', () => {
  const fields = {
    host: 'a-b.example.com',
    file: 'a b.yaml',
    empty: '',
    count: 2,
    none: undefined,
    gone: null,
  }
  expect(linesOf('info', 'text', log => log.info('Plan made', fields))).toEqual([
    'info: Plan made host=a-b.example.com file="a b.yaml" empty="" count=2 gone=null',
  ])
})

test('json: one object a line, which no field can forge', () => {
  const [line = ''] = linesOf('info', 'json', log =>
    log.info('Plan made', { routes: 2, level: 'error', text: 'a\n{"level":"error"}' }),
  )
  expect(line).toBe(
    '{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"Plan made","routes":2,"text":"a\\n{\\"level\\":\\"error\\"}"}',
  )
})

test('a line that repeats is written each time', () => {
  const lines = linesOf('info', 'text', log => {
    for (let i = 0; i < 20; i++) log.info('same')
  })
  expect(lines).toHaveLength(20)
})
