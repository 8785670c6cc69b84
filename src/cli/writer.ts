import { write } from 'node:fs'

/**
 * Writes to standard output and standard error, in the order of the calls, without waiting for the reader:
 * a stalled pipe must not keep a signal from being seen. `flush` waits until everything is out; an exit before
 * that would cut a long result short.
 */
export interface Writer {
  write(descriptor: 1 | 2, text: string): void
  flush(): Promise<void>
  /**
   * For the end of an interrupted command: waits until everything is out, but after `milliseconds` gives up the
   * results that nobody reads, and writes what is queued for standard error past them.
   */
  flushWithin(milliseconds: number): Promise<void>
  /** Why standard output could not be written, unless its reader has just gone away. */
  failure(): string | undefined
}

export const createWriter = (put: Put = putBytes): Writer => {
  const queue: { readonly descriptor: 1 | 2; text: string }[] = []
  const closed = new Set<1 | 2>()
  let failure: string | undefined
  let draining: Promise<void> | undefined

  const send = async (descriptor: 1 | 2, text: string): Promise<void> => {
    if (closed.has(descriptor) || text === '') return
    try {
      await put(descriptor, new TextEncoder().encode(text))
    } catch (error) {
      closed.add(descriptor)
      const { code, message } = error as NodeJS.ErrnoException
      // the reader has seen enough (`srouter plan | head`); what the command does goes on without it
      if (descriptor === 1 && code !== 'EPIPE') failure = message
    }
  }

  const drain = async (): Promise<void> => {
    // let the calls of this turn gather, so that a thousand lines are one write
    await Promise.resolve()
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      await send(next.descriptor, next.text)
    draining = undefined
  }

  return {
    write(descriptor, text) {
      if (closed.has(descriptor) || text === '') return
      const last = queue.at(-1)
      if (last?.descriptor === descriptor && last.text.length < gatherUpTo) last.text += text
      else queue.push({ descriptor, text })
      draining ??= drain()
    },
    flush: async () => draining,
    async flushWithin(milliseconds) {
      await Promise.race([draining, Bun.sleep(milliseconds)])
      const errors = queue.splice(0).filter(({ descriptor }) => descriptor === 2)
      await Promise.race([send(2, errors.map(({ text }) => text).join('')), Bun.sleep(milliseconds)])
    },
    failure: () => failure,
  }
}

/** A long result is many writes, so that it is not copied as a whole. */
const gatherUpTo = 65_536

type Put = (descriptor: 1 | 2, bytes: Uint8Array) => Promise<void>

const putBytes: Put = async (descriptor, bytes) => {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += await putSome(descriptor, bytes.subarray(at))
    } catch (error) {
      // somebody who shares the pipe has made it non-blocking, and it is full
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      await Bun.sleep(5)
    }
  }
}

const putSome = (descriptor: 1 | 2, bytes: Uint8Array): Promise<number> =>
  new Promise((resolve, reject) => {
    write(descriptor, bytes, 0, bytes.length, null, (error, written) =>
      error ? reject(error) : resolve(written),
    )
  })
