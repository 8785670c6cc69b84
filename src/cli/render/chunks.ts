/**
 * Small pieces joined into chunks worth a system call each, so that a renderer can yield line by line and its
 * caller can write what it gets.
 */
export function* inChunks(pieces: Iterable<string>, size = 65_536): Generator<string> {
  let chunk = ''
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length >= size) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk !== '') yield chunk
}

/** All of it as one string, for callers that cannot stream. */
export const joined = (pieces: Iterable<string>): string => {
  let text = ''
  for (const piece of pieces) text += piece
  return text
}
