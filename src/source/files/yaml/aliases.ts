import { skipQuoted, skipSpaces } from './chars.ts'

/** How much of a file the aliases of texts may make, written out: far more than anyone needs. */
export const aliasBudget = 20_000_000

/** Anchors and aliases with their names. Within texts and comments there may be more of them, which does no harm. */
const marks = /(?<![^\s[{,:?-])([&*])([^\s[\]{},]+)/g

/**
 * How many characters the anchored scalars of a document and their aliases stand for, or more. Bun.YAML (1.4) shares
 * the maps and lists that aliases mean, but writes a text out for each alias: of 1 MB of text with 10,000 aliases it
 * makes 10 GB. Counting the anchored scalars themselves bounds the time of this count as well: where many anchors
 * stand before one long text, each of them is followed by all of it. It stops once it is past `limit`.
 *
 * | document                    | answer |
 * | --------------------------- | ------ |
 * | `a: &a text⏎b: [*a, *a]`    | 12     |
 * | `a: &a [1, 2]⏎b: [*a, *a]`  | 0      |
 */
export const aliasedText = (slice: string, limit: number): number => {
  const sizes = new Map<string, number>()
  let total = 0
  for (const { 0: token, 1: mark, 2: given = '', index } of slice.matchAll(marks)) {
    const name = given.replace(/:$/, '')
    const known = sizes.get(name) ?? 0
    if (mark === '*') total += known
    else {
      const length = scalarLength(slice, index + token.length)
      sizes.set(name, Math.max(known, length))
      total += length
    }
    if (total > limit) return total
  }
  return total
}

/** The length of the scalar that begins at or behind `from`; of a collection in block style its first line's. */
const scalarLength = (slice: string, from: number): number => {
  let at = contentFrom(slice, from)
  // Tags may stand between an anchor and what it names.
  while (slice[at] === '!') at = contentFrom(slice, tokenEnd(slice, at))
  const c = slice[at]
  if (c === undefined || c === '[' || c === '{') return 0
  if (c === '"' || c === "'") {
    const end = skipQuoted(slice, at, slice.length)
    return (end < 0 ? slice.length : end) - at
  }
  const end = lineEnd(slice, at)
  const isOneLine = c !== '|' && c !== '>' && /^[-?]\s|:\s|[-?:]$/.test(slice.slice(at, end))
  return (isOneLine ? end : deeperEnd(slice, from, end)) - at
}

/** Past blanks, line ends and comments. */
const contentFrom = (slice: string, from: number): number => {
  let at = skipSpaces(slice, from)
  while (at < slice.length && /[\r\n#]/.test(slice.charAt(at))) at = skipSpaces(slice, lineEnd(slice, at) + 1)
  return at
}

const tokenEnd = (slice: string, from: number): number => {
  let at = from
  while (at < slice.length && !/[\s,[\]{}]/.test(slice.charAt(at))) at++
  return at
}

const lineEnd = (slice: string, at: number): number => {
  const end = slice.indexOf('\n', at)
  return end < 0 ? slice.length : end
}

/** The end of the last line below `end` that is blank, or deeper than the line of `from`. */
const deeperEnd = (slice: string, from: number, end: number): number => {
  const start = slice.lastIndexOf('\n', from - 1) + 1
  const indent = skipSpaces(slice, start) - start
  let last = end
  while (last < slice.length) {
    const content = skipSpaces(slice, last + 1)
    const isBlank = content >= slice.length || /[\r\n]/.test(slice.charAt(content))
    if (!isBlank && content - last - 1 <= indent) break
    last = lineEnd(slice, content)
  }
  return last
}
