const doubleQuote = 34
const quote = 39
const backslash = 92

/** What may stand between two tokens of one line. */
export const isSpace = (c: number): boolean => c === 32 || c === 9

/** The offset behind the closing quote of the quoted scalar that begins at `start`, or -1 where it has none. */
export const skipQuoted = (text: string, start: number, to: number): number => {
  const mark = text.charCodeAt(start)
  for (let i = start + 1; i < to; i++) {
    const c = text.charCodeAt(i)
    if (c === mark) {
      // '' is a quote within single quotes
      if (mark === quote && text.charCodeAt(i + 1) === quote) i++
      else return i + 1
    } else if (c === backslash && mark === doubleQuote) i++
  }
  return -1
}

export const skipSpaces = (text: string, at: number): number => {
  let i = at
  while (isSpace(text.charCodeAt(i))) i++
  return i
}

/** From the start of a line, or from behind a dash, to the first character that is neither indentation nor a dash. */
export const skipToContent = (text: string, at: number): number => {
  let i = skipSpaces(text, at)
  while (text.charCodeAt(i) === 45 && isSpace(text.charCodeAt(i + 1))) i = skipSpaces(text, i + 1)
  return i
}
