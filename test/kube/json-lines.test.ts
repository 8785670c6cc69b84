import { describe, expect, test } from 'bun:test'
import { jsonLines, SilentStream } from '../../src/kube/json-lines.ts'

const streamOf = (chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: control => {
      for (const chunk of chunks) control.enqueue(chunk)
      control.close()
    },
  })

const read = async (chunks: readonly Uint8Array[]): Promise<unknown[]> => {
  const values: unknown[] = []
  for await (const value of jsonLines(streamOf(chunks), 1000)) values.push(value)
  return values
}

const values = [{ name: 'Zürich 🧀' }, { name: '東京', list: [1, 2] }, 3]
const bytes = new TextEncoder().encode(`${values.map(value => JSON.stringify(value)).join('\n')}\n`)

describe('JSON lines', () => {
  test('whatever the size of the chunks, also within a character', async () => {
    for (let size = 1; size <= bytes.length; size++) {
      const chunks: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
      expect(await read(chunks)).toEqual(values)
    }
  })

  test('empty lines are nothing, and a value that was cut off is dropped', async () => {
    const text = new TextEncoder().encode('1\n\n\r\n2\n{"name": "cut o')
    expect(await read([text])).toEqual([1, 2])
  })

  test('a line that is no JSON is an error', async () => {
    expect(read([new TextEncoder().encode('1\n<html>\n')])).rejects.toThrow(SyntaxError)
  })

  test('silence ends it, and the time of the consumer does not count', async () => {
    let cancelled = false
    const stream = new ReadableStream<Uint8Array>({
      start: control => control.enqueue(new TextEncoder().encode('1\n2\n')),
      cancel: () => {
        cancelled = true
      },
    })
    const got: unknown[] = []
    const reading = async () => {
      for await (const value of jsonLines(stream, 40)) {
        got.push(value)
        await Bun.sleep(60)
      }
    }
    await expect(reading()).rejects.toBeInstanceOf(SilentStream)
    expect(got).toEqual([1, 2])
    expect(cancelled).toBe(true)
  })
})
