import { expect, test } from 'bun:test'
import { createWriter } from '../../src/cli/writer.ts'

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const failing = (code: string) => async (): Promise<void> => {
  throw Object.assign(new Error(`${code}: it failed`), { code })
}

test('keeps the order of both streams, and gathers what goes to the same', async () => {
  const puts: string[] = []
  const writer = createWriter(async (descriptor, bytes) => {
    puts.push(`${descriptor}:${decode(bytes)}`)
  })
  writer.write(1, 'a')
  writer.write(1, 'b')
  writer.write(2, 'c')
  writer.write(1, 'd')
  await writer.flush()
  writer.write(1, 'e')
  await writer.flush()
  expect(puts).toEqual(['1:ab', '2:c', '1:d', '1:e'])
})

test('a reader that has gone away is no failure', async () => {
  const writer = createWriter(failing('EPIPE'))
  writer.write(1, 'a')
  await writer.flush()
  writer.write(1, 'b')
  await writer.flush()
  expect(writer.failure()).toBeUndefined()
})

test('a full disk is one', async () => {
  const writer = createWriter(failing('ENOSPC'))
  writer.write(1, 'a')
  await writer.flush()
  expect(writer.failure()).toBe('ENOSPC: it failed')
})

test('errors get past results that nobody reads', async () => {
  const errors: string[] = []
  const writer = createWriter((descriptor, bytes) => {
    if (descriptor === 1) return new Promise(() => {})
    errors.push(decode(bytes))
    return Promise.resolve()
  })
  writer.write(1, 'a')
  writer.write(2, 'interrupted\n')
  await writer.flushWithin(10)
  expect(errors).toEqual(['interrupted\n'])
})
