import { isSpace, skipQuoted } from './chars.ts'

export interface Flow {
  /** Behind the closing bracket. */
  readonly end: number
  readonly keys: number
}

interface PlainListener {
  plain(start: number, end: number): void
}

/** Deeper than any Kubernetes object, and far from what could exhaust the stack. */
const maxDepth = 200

const isBreak = (c: number): boolean => c === 10 || c === 13
const isBlank = (c: number): boolean => isSpace(c) || isBreak(c)
/** `,` `[` `]` `{` `}` */
const isIndicator = (c: number): boolean => c === 44 || c === 91 || c === 93 || c === 123 || c === 125

/**
 * Counts the keys of the flow collection that begins at `start`.
 *
 * | text                  | answer                                                             |
 * | --------------------- | ------------------------------------------------------------------ |
 * | `{a: 1, "b":2}`       | 2 keys                                                             |
 * | `[x, {a: [b: 1]}]`    | 2 keys                                                             |
 * | `{a, b:1}`            | unusual: both are keys without a value, where no colon tells       |
 * | `{a: &x 1}`           | anchors                                                            |
 */
export const scanFlow = (
  text: string,
  start: number,
  to: number,
  on: PlainListener,
): Flow | 'unusual' | 'anchors' => {
  // For every open collection: is it a map, and has its present entry anything, and a colon?
  const maps: boolean[] = []
  let isMap = false
  let filled = false
  let hasColon = false
  // A colon directly behind a quoted key makes it a key, whatever follows.
  let adjacent = false
  let keys = 0
  let at = start
  while (at < to) {
    const c = text.charCodeAt(at)
    if (isBlank(c)) {
      at++
    } else if (c === 35 /* # */) {
      if (!isBlank(text.charCodeAt(at - 1))) return 'unusual'
      const newline = text.indexOf('\n', at)
      if (newline < 0) return 'unusual'
      at = newline + 1
    } else if (c === 91 || c === 123) {
      if (filled && !hasColon) return 'unusual'
      maps.push(isMap)
      if (maps.length > maxDepth) return 'unusual'
      // The entry that holds this collection is filled by it, and is looked at again when it closes.
      if (isMap && !hasColon) return 'unusual'
      isMap = c === 123
      filled = false
      hasColon = false
      adjacent = false
      at++
    } else if (c === 93 || c === 125) {
      if (isMap !== (c === 125) || (isMap && filled && !hasColon)) return 'unusual'
      isMap = maps.pop() ?? false
      at++
      if (maps.length === 0) return { end: at, keys }
      filled = true
      // Collections stand where a value stands (see above), or are an item.
      hasColon = isMap
      adjacent = !isMap
    } else if (c === 44 /* , */) {
      if (isMap && filled && !hasColon) return 'unusual'
      filled = false
      hasColon = false
      adjacent = false
      at++
    } else if (c === 58 /* : */ && (adjacent || endsKey(text, at, to))) {
      if (!filled || hasColon) return 'unusual'
      keys++
      hasColon = true
      adjacent = false
      at++
    } else if (c === 34 || c === 39) {
      at = skipQuoted(text, at, to)
      if (at < 0) return 'unusual'
      filled = true
      adjacent = !hasColon
    } else if (c === 38 || c === 42) {
      return 'anchors'
    } else if (c === 33 || c === 60 || (c === 63 && isBlank(text.charCodeAt(at + 1)))) {
      return 'unusual'
    } else {
      const end = plainEnd(text, at, to)
      on.plain(at, end)
      filled = true
      adjacent = false
      at = end
    }
  }
  return 'unusual'
}

const endsKey = (text: string, at: number, to: number): boolean => {
  if (at + 1 >= to) return true
  const c = text.charCodeAt(at + 1)
  return isBlank(c) || isIndicator(c)
}

const plainEnd = (text: string, start: number, to: number): number => {
  let end = start
  for (let i = start; i < to; i++) {
    const c = text.charCodeAt(i)
    if (isBlank(c)) continue
    if (isIndicator(c) || (c === 58 && endsKey(text, i, to))) break
    if (c === 35 && i > end) break
    end = i + 1
  }
  return end
}
