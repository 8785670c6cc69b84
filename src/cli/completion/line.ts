/** A command line up to the cursor: the words that are finished, and the one that is being written. */
export interface Line {
  readonly words: readonly string[]
  readonly current: string
}

/**
 * Splits it as a shell does, as far as quotes and backslashes go.
 *
 * | line                   | words           | current      |
 * | ---------------------- | --------------- | ------------ |
 * | srouter pl             | srouter         | pl           |
 * | srouter plan␣          | srouter, plan   | (empty)      |
 * | srouter plan -f 'a b'␣ | …, -f, a b      | (empty)      |
 * | srouter plan -f a\ b   | …, -f           | a b          |
 * | srouter plan ''        | srouter, plan   | (empty)      |
 * | srouter plan -f 'a b   | …, -f           | a b          |
 */
export const splitLine = (line: string): Line => {
  const words: string[] = []
  let current: string | undefined
  for (const [piece] of line.matchAll(/'[^']*(?:'|$)|"(?:\\.|[^"\\])*(?:"|$)|\\.|\\$|\s+|[^\s'"\\]+/gs)) {
    if (/^\s/.test(piece)) {
      if (current !== undefined) words.push(current)
      current = undefined
    } else current = (current ?? '') + unquoted(piece)
  }
  return { words, current: current ?? '' }
}

const unquoted = (piece: string): string => {
  if (piece.startsWith("'")) return piece.slice(1).replace(/'$/, '')
  if (piece.startsWith('"'))
    return piece
      .slice(1)
      .replace(/(?<!\\)"$/, '')
      .replace(/\\(["\\$`])/g, '$1')
  return piece.startsWith('\\') ? piece.slice(1) : piece
}
