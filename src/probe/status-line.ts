/** What the beginning of an answer tells. */
export type Head =
  | { readonly state: 'incomplete' }
  | { readonly state: 'answered'; readonly status: number }
  | { readonly state: 'foreign' }

const incomplete: Head = { state: 'incomplete' }
const foreign: Head = { state: 'foreign' }

/** Of interim answers and their header fields, which are read to find what follows them. */
const longestPreamble = 16_384
const start = 'HTTP/1.'

/**
 * Reads what a server sends until the status is known, and not a byte further: what it says of the reason, its header
 * and its body do not matter. An interim answer (100, 103) is passed over. What cannot become an answer any more is
 * `foreign` at once, so that nobody waits for the rest of it.
 *
 * | so far                                      | it is         |
 * | ------------------------------------------- | ------------- |
 * | HTTP/1.1 20                                 | incomplete    |
 * | HTTP/1.1 200 and a space or the line's end  | answered, 200 |
 * | HTTP/1.1 100 Continue, empty line           | incomplete    |
 * | HTTP/1.1 103 …, empty line, HTTP/1.1 503 …  | answered, 503 |
 * | HTTP/2, SSH-2.0, a frame of HTTP/2          | foreign       |
 */
export const createHeadReader = (): ((chunk: Uint8Array) => Head) => {
  let seen = ''
  let taken = 0
  return chunk => {
    // Latin-1: a byte is a character, so nothing is lost where a chunk ends.
    seen += Buffer.from(chunk.subarray(0, longestPreamble)).toString('latin1')
    taken += chunk.length
    for (;;) {
      const head = headOf(seen)
      if (head.state !== 'answered' || !isInterim(head.status))
        return head.state === 'incomplete' && taken > longestPreamble ? foreign : head
      const end = /\r?\n\r?\n/.exec(seen)
      if (end === null) return taken > longestPreamble ? foreign : incomplete
      seen = seen.slice(end.index + end[0].length)
    }
  }
}

const headOf = (text: string): Head => {
  if (text.length < start.length) return start.startsWith(text) ? incomplete : foreign
  const [, status] = /^HTTP\/1\.[01] ([1-9][0-9]{2})[ \r\n]/.exec(text) ?? []
  if (status !== undefined) return { state: 'answered', status: Number(status) }
  return /^HTTP\/1\.(?:$|[01](?:$| (?:$|[1-9](?:$|[0-9](?:$|[0-9]$)))))/.test(text) ? incomplete : foreign
}

/** 101 is none: nothing follows it that would be HTTP/1.1. */
const isInterim = (status: number): boolean => status < 200 && status !== 101
