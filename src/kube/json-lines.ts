/** The stream was quiet for longer than it may be. */
export class SilentStream extends Error {
  constructor(readonly silentMs: number) {
    super(`nothing came for ${silentMs / 1000} s`)
    this.name = 'SilentStream'
  }
}

const newline = 10

/**
 * The JSON values of a stream, one per line. Chunks may end anywhere, inside of a character as well, so text is decoded
 * line by line. What follows the last newline is a value that was cut off, and is dropped. Quiet for `silentMs`: throws
 * SilentStream; the time that the consumer takes for a value does not count.
 */
export async function* jsonLines<T>(
  body: ReadableStream<Uint8Array>,
  silentMs: number,
): AsyncGenerator<T, void, undefined> {
  const decoder = new TextDecoder()
  let held: Uint8Array[] = []
  for await (const chunk of unlessSilent(body, silentMs)) {
    let from = 0
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      held.push(chunk.subarray(from, end))
      const line = decoder.decode(held.length === 1 ? held[0] : Buffer.concat(held))
      held = []
      from = end + 1
      if (line.trim() !== '') yield JSON.parse(line) as T
    }
    if (from < chunk.length) held.push(chunk.subarray(from))
  }
}

async function* unlessSilent(
  body: ReadableStream<Uint8Array>,
  silentMs: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), silentMs)
      if (done) return
      yield value
    }
  } finally {
    // Whoever stops reading ends the request as well; a stream that broke has nothing left to cancel.
    reader.cancel().catch(() => {})
  }
}

const within = <T>(work: Promise<T>, silentMs: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SilentStream(silentMs)), silentMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
