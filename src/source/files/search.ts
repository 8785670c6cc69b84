import type { FieldPath } from '../../engine/finding.ts'
import { findInJson, type JsonTree, parseJsonTree } from './json/find.ts'
import type { Slice } from './origin.ts'
import { type ExactDocument, findInDocument, mayParseExactly, parseExact } from './yaml/exact.ts'
import { findInBlock } from './yaml/find.ts'

/** What a character costs when a JSON tree is made, where the scan of YAML costs 1. */
const jsonCost = 20

/** Finds fields in slices of files, within what each file may ask of it. */
export class Search {
  /** What was parsed last is kept: findings come in the order of the text. */
  #json: { readonly slice: Slice; readonly tree: JsonTree | undefined } | undefined
  #yaml: { readonly slice: Slice; readonly document: ExactDocument } | undefined

  /** The offset in the file of the field at `path`, or of the nearest one above it that exists. */
  find(slice: Slice, path: FieldPath): number | undefined {
    if (slice.file.format === 'json') return this.#inJson(slice, path)
    const { file, start, end } = slice
    if (!mayRead(slice, 1)) return undefined
    return findInBlock(file.text, start, end, path) ?? this.#inDocument(slice, path)
  }

  #inJson(slice: Slice, path: FieldPath): number | undefined {
    if (!isSame(this.#json?.slice, slice)) {
      if (!mayRead(slice, jsonCost)) return undefined
      this.#json = { slice, tree: parseJsonTree(textOf(slice)) }
    }
    const tree = this.#json?.tree
    return tree && behind(slice.start, findInJson(tree, path))
  }

  #inDocument(slice: Slice, path: FieldPath): number | undefined {
    if (!isSame(this.#yaml?.slice, slice)) {
      if (!mayParseExactly(slice.end - slice.start, true, slice.file)) return undefined
      this.#yaml = { slice, document: parseExact(textOf(slice)) }
    }
    const document = this.#yaml?.document
    return document && behind(slice.start, findInDocument(document, path))
  }
}

const textOf = ({ file, start, end }: Slice): string => file.text.slice(start, end)

const isSame = (a: Slice | undefined, b: Slice): boolean =>
  a !== undefined && a.file === b.file && a.start === b.start && a.end === b.end

const behind = (start: number, offset: number | undefined): number | undefined =>
  offset === undefined ? undefined : start + offset

/** Takes the reading of a slice from the file's budget. */
const mayRead = ({ file, start, end }: Slice, cost: number): boolean => {
  const total = (end - start) * cost
  if (total > file.searchLeft) return false
  file.searchLeft -= total
  return true
}
