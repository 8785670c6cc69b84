import { escapeTerminal } from './escape.ts'

/**
 * Pieces joined by spaces, in lines of at most `room` characters; a longer piece has a line of its own, unbroken,
 * so that it can be copied.
 */
export const wrapped = (pieces: readonly string[], room: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    if (line === '') line = piece
    else if (line.length + 1 + piece.length <= room) line += ` ${piece}`
    else {
      lines.push(line)
      line = piece
    }
  }
  return line === '' ? lines : [...lines, line]
}

/** `text` broken between words, every line behind `indent`, and escaped: at its start a word can be a command. */
export const paragraph = (text: string, indent: string, width: number): readonly string[] =>
  wrapped(text.split(' '), width - indent.length).map(line => `${indent}${escapeTerminal(line)}`)

export const widest = (texts: Iterable<string>): number => {
  let width = 0
  for (const text of texts) if (text.length > width) width = text.length
  return width
}
