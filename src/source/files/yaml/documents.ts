import { isSpace } from './chars.ts'

/**
 * Calls `visit` with the start and end of every document of a YAML stream that is not empty. A document begins at
 * its first line with content, or with the bracket behind its marker; a marker belongs to it only where something
 * else stands behind it.
 *
 * | text                     | documents        |
 * | ------------------------ | ---------------- |
 * | `a: 1⏎---⏎b: 2`          | `a: 1⏎`, `b: 2`  |
 * | `--- # comment⏎a: 1`     | `a: 1`           |
 * | `--- {a: 1}`             | `{a: 1}`         |
 * | `--- !x a`               | `--- !x a`       |
 * | `%YAML 1.2⏎---⏎a: 1`     | all of it        |
 * | `a: 1⏎...⏎b: 2`          | `a: 1⏎`, `b: 2`  |
 *
 * `---` at the start of a line is always a marker: what a block scalar or a quoted one holds is indented.
 */
export const eachDocument = (text: string, visit: (start: number, end: number) => void): void => {
  let start = 0
  let hasDirectives = false
  const emit = (end: number): void => {
    const content = firstContent(text, start, end)
    if (content < end) visit(content, end)
  }
  const markers = new Markers(text)
  for (let marker = markers.next(); marker !== undefined; marker = markers.next()) {
    const { at, behind } = marker
    if (marker.ends) {
      emit(at)
      start = lineAfter(text, at)
      hasDirectives = false
      continue
    }
    const content = firstContent(text, start, at)
    const isDirectives = content < at && !hasDirectives && text[content] === '%'
    if (isDirectives) {
      hasDirectives = true
      start = content
      continue
    }
    emit(at)
    hasDirectives = false
    if (behind < 0) start = lineAfter(text, at)
    else start = isFlow(text, behind) ? behind : at
  }
  emit(text.length)
}

const isFlow = (text: string, at: number): boolean => text[at] === '{' || text[at] === '['

interface Marker {
  readonly at: number
  /** It is `...` */
  readonly ends: boolean
  /** The offset of what stands behind it on its line, comments aside, or -1. */
  readonly behind: number
}

class Markers {
  #dashes = -1
  #dots = -1

  constructor(private readonly text: string) {
    this.#dashes = this.#find('---', -1)
    this.#dots = this.#find('...', -1)
  }

  next(): Marker | undefined {
    const ends = this.#dots < this.#dashes
    const at = ends ? this.#dots : this.#dashes
    if (at === Number.POSITIVE_INFINITY) return undefined
    if (ends) this.#dots = this.#find('...', at)
    else this.#dashes = this.#find('---', at)
    return { at, ends, behind: ends ? -1 : contentInLine(this.text, at + 3) }
  }

  /** The first marker that stands after the offset `after`. */
  #find(mark: string, after: number): number {
    if (after < 0 && this.#isMarker(mark, 0)) return 0
    let at = Math.max(0, after)
    for (;;) {
      at = this.text.indexOf(`\n${mark}`, at) + 1
      if (at === 0) return Number.POSITIVE_INFINITY
      if (this.#isMarker(mark, at)) return at
    }
  }

  #isMarker(mark: string, at: number): boolean {
    if (!this.text.startsWith(mark, at)) return false
    const c = this.text.charCodeAt(at + 3)
    return Number.isNaN(c) || isSpace(c) || c === 10 || c === 13
  }
}

const lineAfter = (text: string, at: number): number => {
  const newline = text.indexOf('\n', at)
  return newline < 0 ? text.length : newline + 1
}

/** The offset of what the rest of a line holds, comments aside, or -1. */
const contentInLine = (text: string, from: number): number => {
  let at = from
  while (isSpace(text.charCodeAt(at))) at++
  const c = text.charCodeAt(at)
  return Number.isNaN(c) || c === 10 || c === 13 || c === 35 ? -1 : at
}

/** The start of the first line between `start` and `end` that is more than blanks or a comment, or `end`. */
const firstContent = (text: string, start: number, end: number): number => {
  let line = start
  while (line < end) {
    // Files that begin with a byte order mark and were joined.
    if (text.charCodeAt(line) === 0xfeff) line++
    if (contentInLine(text, line) >= 0) return line
    line = lineAfter(text, line)
  }
  return end
}
