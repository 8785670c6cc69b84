import { isSpace, skipQuoted } from './chars.ts'
import { scanFlow } from './flow.ts'

/**
 * What the scanner meets, in the order of the text. `column` counts from 0, offsets are those of the text, and
 * a key's `start` and `end` include its quotes.
 */
export interface ScanListener {
  key(column: number, start: number, end: number): void
  /** The dash of a block sequence; `at` is its offset. */
  item(column: number, at: number): void
  /** A flow collection that ends before `end` and has so many keys. */
  flow(start: number, end: number, keys: number): void
  /** An unquoted scalar, or the first line of it. `end` is behind it: blanks and a comment may follow. */
  plain(start: number, end: number): void
}

/**
 * `usual`: every key of the document was told. `anchors`: it may have anchors or aliases. `unusual`: it has
 * something else that is left to the exact parser, or a mistake. In the last two the listener heard only a part.
 */
export type Verdict = 'usual' | 'unusual' | 'anchors'

const space = 32
const carriageReturn = 13
const hash = 35
const dash = 45
const colon = 58

/** What a character that begins a token tells; other characters begin a plain scalar. */
const kindOf = new Uint8Array(128)
const unusual = 1
const anchor = 2
const quoted = 3
const flow = 4
const block = 5
const kinds: readonly (readonly [number, string])[] = [
  // `<<` merges, `?` begins a key that can be anything, `!` is a tag, and the others begin nothing legal.
  [unusual, '!%,<?@`]}\t'],
  [anchor, '&*'],
  [quoted, '"\''],
  [flow, '[{'],
  [block, '|>'],
]
for (const [kind, chars] of kinds) for (const char of chars) kindOf[char.charCodeAt(0)] = kind

/**
 * Walks over one YAML document line by line, without making anything of it: some thirty times faster than a
 * parser that keeps places. It relies on Bun.YAML to refuse what is no YAML, and tells apart only what a legal
 * document can have:
 *
 * | line                       | what it is                                                               |
 * | -------------------------- | ------------------------------------------------------------------------ |
 * | `a: b`, `- a: b`, `"a": b` | a key at its column                                                      |
 * | deeper than the key above, | the text of its scalar, which cannot hold a key: `a: |`, `a: >-`, or a   |
 * | whose value began there    | plain scalar over several lines                                          |
 * | `a: "…`, `a: {…`           | skipped up to its end, lines below included                              |
 * | `? a`, `!!str a`, `--- a`  | unusual                                                                  |
 */
export const scan = (text: string, from: number, to: number, on: ScanListener): Verdict => {
  if (text.startsWith('---', from)) return 'unusual'
  // The column of the key or dash whose scalar goes on in deeper lines, or -1 for the document's own.
  let owner = -1
  let inScalar = false
  let line = from
  while (line < to) {
    let lineEnd = text.indexOf('\n', line)
    if (lineEnd < 0 || lineEnd > to) lineEnd = to
    const next = lineEnd + 1
    if (lineEnd > line && text.charCodeAt(lineEnd - 1) === carriageReturn) lineEnd--

    let at = line
    while (at < lineEnd && text.charCodeAt(at) === space) at++
    let column = at - line
    let c = at < lineEnd ? text.charCodeAt(at) : 0
    if (at === lineEnd || (inScalar && column > owner) || c === hash) {
      line = next
      continue
    }
    // What a value on a line of its own belongs to is the key or dash above it, which `owner` still is.
    inScalar = false

    while (c === dash && (at + 1 === lineEnd || isSpace(text.charCodeAt(at + 1)))) {
      on.item(column, at)
      owner = column
      at++
      while (at < lineEnd && text.charCodeAt(at) === space) at++
      column = at - line
      c = at < lineEnd ? text.charCodeAt(at) : 0
    }
    if (at === lineEnd || c === hash) {
      line = next
      continue
    }

    // A key, or a value without one.
    let kind = kindOf[c] ?? 0
    let end = at
    let isKey = false
    if (kind === quoted) {
      end = skipQuoted(text, at, to)
      if (end < 0) return 'unusual'
      if (end <= lineEnd) {
        let after = end
        while (after < lineEnd && isSpace(text.charCodeAt(after))) after++
        isKey = after < lineEnd && text.charCodeAt(after) === colon
        if (isKey) {
          on.key(column, at, end)
          at = after + 1
        }
      }
    } else if (kind === 0) {
      end = keyEnd(text, at, lineEnd)
      if (end === at) return 'unusual'
      isKey = end > 0
      if (isKey) {
        let last = end
        while (isSpace(text.charCodeAt(last - 1))) last--
        on.key(column, at, last)
        at = end + 1
      }
    }

    if (isKey) {
      owner = column
      while (at < lineEnd && isSpace(text.charCodeAt(at))) at++
      c = at < lineEnd ? text.charCodeAt(at) : 0
      if (at === lineEnd || c === hash) {
        line = next
        continue
      }
      kind = kindOf[c] ?? 0
    }

    // A value. One that ends on a later line lets the scan go on behind it.
    if (kind === 0) {
      on.plain(at, lineEnd)
      inScalar = true
      line = next
    } else if (kind === block) {
      // On a line of its own it is rare, and so is a whole document of it.
      if (!isKey && !(owner >= 0 && owner < column && text.charCodeAt(line + owner) === dash))
        return 'unusual'
      inScalar = true
      line = next
    } else if (kind === quoted || kind === flow) {
      if (kind === quoted) end = skipQuoted(text, at, to)
      else {
        const collection = scanFlow(text, at, to, on)
        if (typeof collection === 'string') return collection
        on.flow(at, collection.end, collection.keys)
        end = collection.end
      }
      if (end < 0) return 'unusual'
      line = restOfLine(text, end, to)
      if (line < 0) return 'unusual'
    } else return kind === anchor ? 'anchors' : 'unusual'
  }
  return 'usual'
}

/** The offset of the colon that makes `at` the start of a key, or -1. */
const keyEnd = (text: string, at: number, lineEnd: number): number => {
  for (let i = at; i < lineEnd; i++) {
    const c = text.charCodeAt(i)
    if (c === colon) {
      if (i + 1 === lineEnd || isSpace(text.charCodeAt(i + 1))) return i
    } else if (c === hash && isSpace(text.charCodeAt(i - 1))) return -1
  }
  return -1
}

/** The start of the next line when nothing but a comment is left of this one, else -1. */
const restOfLine = (text: string, at: number, to: number): number => {
  let i = at
  while (i < to && isSpace(text.charCodeAt(i))) i++
  if (i >= to) return to
  const c = text.charCodeAt(i)
  if (c === carriageReturn || c === 10 || (c === hash && i > at)) {
    const newline = text.indexOf('\n', i)
    return newline < 0 ? to : newline + 1
  }
  return -1
}
