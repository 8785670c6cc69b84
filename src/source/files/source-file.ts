import type { Place } from '../place.ts'
import { aliasBudget } from './yaml/aliases.ts'
import { exactBudget } from './yaml/exact.ts'

/** One file's text, and which line an offset is on. */
export class SourceFile {
  /** How many characters the exact parser, and the search for places, may still be given from this file. */
  exactLeft = exactBudget
  searchLeft: number
  /** How many characters its aliases may still stand for. */
  aliasesLeft = aliasBudget
  #lineStarts: Uint32Array | undefined

  constructor(
    readonly name: string,
    readonly format: 'yaml' | 'json',
    readonly text: string,
  ) {
    // Enough to look up every object's fields a few times, and no more than about three seconds for 20 MB.
    this.searchLeft = 40 * text.length + 50_000_000
  }

  place(offset: number): Place {
    this.#lineStarts ??= lineStarts(this.text)
    const line = lastNotAfter(this.#lineStarts, offset)
    return { file: this.name, line: line + 1, column: offset - (this.#lineStarts[line] ?? 0) + 1 }
  }
}

const lineStarts = (text: string): Uint32Array => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return Uint32Array.from(starts)
}

/** The index of the last of `starts` (ascending, the first is 0) that is not after `offset`. */
const lastNotAfter = (starts: Uint32Array, offset: number): number => {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
