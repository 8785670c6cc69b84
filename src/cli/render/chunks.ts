/**
 * Small pieces joined into chunks worth a system call each, so that a renderer can yield line by line and its
 * caller can write what it gets.
 */
export function* inChunks(pieces: Iterable<string>, size = 65_536): Generator<string> {
  // Joined at once: a string that grows by += keeps every piece until it is read.
  let chunk: string[] = []
  let length = 0
  for (const piece of pieces) {
    chunk.push(piece)
    length += piece.length
    if (length >= size) {
      yield chunk.join('')
      chunk = []
      length = 0
    }
  }
  if (length > 0) yield chunk.join('')
}

/** All of it as one string, for callers that cannot stream. */
export const joined = (pieces: Iterable<string>): string => {
  let text = ''
  for (const piece of pieces) text += piece
  return text
}
