import { ambiguousEnd } from './ambiguous.ts'
import type { ScanListener } from './scan.ts'

const noOffsets: readonly number[] = []

/** What there is to know of a document before it is parsed. Made once and used for every document. */
export class Census implements ScanListener {
  /** How many keys all its maps have together, duplicates included. */
  keys = 0
  /** Offsets of the dashes of the top-level `items`. */
  items: number[] = []
  /** Where the line of the top-level key `items` begins, or -1; and where the next top-level key is. */
  itemsStart = -1
  itemsEnd = -1
  /** There are several `items`, or they are no block sequence. */
  oddItems = false
  #ambiguous: number[] | undefined
  #itemColumn = -1

  constructor(private readonly text: string) {}

  clear(): void {
    this.keys = 0
    if (this.items.length > 0) this.items = []
    this.itemsStart = -1
    this.itemsEnd = -1
    this.oddItems = false
    this.#ambiguous = undefined
    this.#itemColumn = -1
  }

  /** Offsets of scalars that kubectl reads otherwise: start and end by turns. */
  get ambiguous(): readonly number[] {
    return this.#ambiguous ?? noOffsets
  }

  key(column: number, start: number, end: number): void {
    this.keys++
    if (end - start <= 3) this.plain(start, end)
    if (column > 0) return
    if (this.itemsStart >= 0 && this.itemsEnd < 0) this.itemsEnd = start
    if (end - start !== 5 || !this.text.startsWith('items', start)) return
    if (this.itemsStart >= 0) this.oddItems = true
    this.itemsStart = start
    this.itemsEnd = -1
  }

  item(column: number, at: number): void {
    if (this.itemsStart < 0 || this.itemsEnd >= 0) return
    if (this.items.length === 0) this.#itemColumn = column
    if (column !== this.#itemColumn) return
    // A second dash at that column of the same line cannot be; `- - a` has its own two.
    this.items.push(at)
  }

  flow(_start: number, _end: number, keys: number): void {
    this.keys += keys
  }

  plain(start: number, end: number): void {
    const scalarEnd = ambiguousEnd(this.text, start, end)
    if (scalarEnd < 0) return
    this.#ambiguous ??= []
    this.#ambiguous.push(start, scalarEnd)
  }
}
