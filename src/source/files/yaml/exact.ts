import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
} from 'yaml'
import type { FieldPath } from '../../../engine/finding.ts'
import { readByKubectl } from './ambiguous.ts'

/**
 * The parser that knows where everything is. It takes up to 2 s and 300 MB for 1 MB, and twice that where every
 * character is a mistake. So documents are limited in size, and so is what one file may ask of it altogether.
 * `overhead` is what the smallest document costs, in characters.
 */
const maxDocument = 300_000
const overhead = 100
export const exactBudget = 3_000_000

export type ExactDocument = Document.Parsed

export interface SyntaxTrouble {
  readonly message: string
  readonly hint?: string
  readonly at: number
}

export interface DuplicateKey {
  readonly key: string
  readonly at: number
  readonly first: number
}

export interface Analysis {
  /** The first mistake. */
  readonly error: SyntaxTrouble | undefined
  readonly duplicates: readonly DuplicateKey[]
  /** Start and end, by turns, of scalars that kubectl reads otherwise. */
  readonly ambiguous: readonly number[]
  /** How many nodes the document has with every alias replaced by what it stands for; endless for a cycle. */
  readonly nodes: number
}

/** Takes the parsing of a slice from the file's budget. False where it is too large for it. */
export const mayParseExactly = (length: number, isLegal: boolean, budget: { exactLeft: number }): boolean => {
  const cost = length * (isLegal ? 1 : 5)
  if (length > maxDocument || cost > budget.exactLeft) return false
  budget.exactLeft -= cost + overhead
  return true
}

export const parseExact = (slice: string): ExactDocument =>
  parseDocument(slice, {
    strict: true,
    prettyErrors: false,
    logLevel: 'silent',
    merge: true,
    // It compares each key with all others of its map. `analyse` does not.
    uniqueKeys: false,
    // Faster by a third, and only what a lint would need.
    keepSourceTokens: false,
  })

export const analyse = (document: ExactDocument, slice: string): Analysis => {
  const walk = new Walk(slice)
  const [error] = document.errors
  if (error !== undefined) walk.fail(error.code, error.message, error.pos[0])
  else if (document.contents !== null) walk.count(document.contents)
  return walk
}

/** The offset of the field at `path`, or of the nearest one above it that exists: of a field its key, of an item itself. */
export const findInDocument = (document: ExactDocument, path: FieldPath): number | undefined => {
  let node: unknown = document.contents
  let found = rangeStart(node)
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      const pair = node.items.find(item => keyText(item.key) === String(step))
      if (pair === undefined) return found
      found = rangeStart(pair.key) ?? found
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      if (node === undefined) return found
      found = rangeStart(node) ?? found
    } else return found
  }
  return found
}

const rangeStart = (node: unknown): number | undefined =>
  isScalar(node) || isCollection(node) || isAlias(node) ? node.range?.[0] : undefined

const keyText = (key: unknown): string | undefined => (isScalar(key) ? String(key.value) : undefined)

class Walk implements Analysis {
  error: SyntaxTrouble | undefined
  readonly duplicates: DuplicateKey[] = []
  readonly ambiguous: number[] = []
  nodes = 0
  /** Of each anchor, the nodes below it; endless as long as they are being counted. */
  readonly #sizes = new Map<string, number>()

  constructor(private readonly slice: string) {}

  fail(code: string, message: string, at: number): void {
    this.error ??= { ...explained(code, message, this.slice), at }
  }

  count(contents: Node): void {
    this.nodes = this.#visit(contents)
  }

  #visit(node: unknown): number {
    if (isAlias(node)) return this.#alias(node.source, node.range?.[0] ?? 0)
    if (!isScalar(node) && !isCollection(node)) return 1
    const anchor = node.anchor
    if (anchor !== undefined) this.#sizes.set(anchor, Number.POSITIVE_INFINITY)
    let size = 1
    if (isScalar(node)) this.#scalar(node.type, node.range)
    else {
      if (isMap(node)) this.#keys(node.items.map(item => item.key))
      for (const item of node.items)
        size += isPair(item) ? this.#visit(item.key) + this.#visit(item.value) : this.#visit(item)
    }
    if (anchor !== undefined) this.#sizes.set(anchor, size)
    return size
  }

  #alias(name: string, at: number): number {
    const size = this.#sizes.get(name)
    if (size !== undefined) return size
    this.fail('UNKNOWN_ALIAS', `there is no anchor "${name}" above for the alias "*${name}"`, at)
    return 1
  }

  #keys(keys: readonly unknown[]): void {
    const seen = new Map<string, number>()
    for (const key of keys) {
      const at = rangeStart(key) ?? 0
      if (isCollection(key)) {
        this.fail('COLLECTION_AS_KEY', '', at)
        continue
      }
      const text = keyText(key)
      // Several merges into one map are legal.
      if (text === undefined || text === '<<') continue
      const first = seen.get(text)
      if (first === undefined) seen.set(text, at)
      else this.duplicates.push({ key: text, at, first })
    }
  }

  #scalar(type: string | undefined, range: readonly [number, number, number] | null | undefined): void {
    if (type !== 'PLAIN' || range === null || range === undefined) return
    if (readByKubectl(this.slice.slice(range[0], range[1])) !== undefined)
      this.ambiguous.push(range[0], range[1])
  }
}

/** What `yaml` says, in words that say what to do. Its own message where that does. */
const explained = (code: string, message: string, slice: string): { message: string; hint?: string } => {
  const template = slice.includes('{{')
    ? { hint: 'This looks like a template. Render it first, for example with "helm template".' }
    : {}
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'a map cannot begin on the line of another value',
        hint: 'Put a value that contains ": " in quotes, or correct the indentation.',
        ...template,
      }
    case 'MULTILINE_IMPLICIT_KEY':
      return { message: 'this line is no field and belongs to none', ...template }
    case 'TAB_AS_INDENT':
      return { message: 'a tab is used as indentation', hint: 'Use spaces.' }
    case 'BAD_SCALAR_START':
      return { message: lowerFirst(message), hint: 'Put the value in quotes.', ...template }
    case 'UNKNOWN_ALIAS':
      return { message, hint: 'Put a value that begins with * in quotes.' }
    case 'COLLECTION_AS_KEY':
      return { message: 'a map or a list cannot be the name of a field', ...template }
    default:
      return { message: lowerFirst(message), ...template }
  }
}

export const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
