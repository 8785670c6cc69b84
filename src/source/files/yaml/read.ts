import { type KubeObject, refOf } from '../../../api/object.ts'
import { messageOf } from '../../../lib/errors.ts'
import type { Code } from '../codes.ts'
import { type Details, located } from '../findings.ts'
import { type Intake, isList } from '../intake.ts'
import { countKeys, TooDeep, unshared } from '../measure.ts'
import { isMap } from '../metadata.ts'
import { type Origin, onlyItem, whole } from '../origin.ts'
import type { SourceFile } from '../source-file.ts'
import { readByKubectl } from './ambiguous.ts'
import { Census } from './census.ts'
import { eachDocument } from './documents.ts'
import {
  type Analysis,
  analyse,
  type ExactDocument,
  lowerFirst,
  maxExactDocument,
  parseExact,
} from './exact.ts'
import { scan, type Verdict } from './scan.ts'

/**
 * Reads the documents of a file. Values are always Bun.YAML's, which is some thirty times as fast as `yaml` and as
 * strict, but says neither where a mistake is nor that a key is there twice. So before it parses a document, a scan
 * counts the keys in the text; when it found more than the value has, or could not tell, `yaml` looks for the
 * duplicates. A List is read item by item, as if these were documents: that takes a third of the memory.
 */
export class YamlReader {
  readonly #census: Census
  /** Bun.YAML (1.4) takes the end of a line within quotes for two where it is "\r\n". */
  readonly #hasReturns: boolean

  constructor(
    private readonly file: SourceFile,
    private readonly intake: Intake,
  ) {
    this.#census = new Census(file.text)
    this.#hasReturns = file.text.includes('\r')
  }

  read(): void {
    eachDocument(this.file.text, (start, end) => {
      const verdict = this.#scan(start, end)
      if (verdict === 'usual' && this.#census.items.length > 0 && this.#readList(start, end)) return
      this.#readSlice(start, end, verdict, undefined)
    })
  }

  #scan(start: number, end: number): Verdict {
    this.#census.clear()
    return scan(this.file.text, start, end, this.#census)
  }

  /** Whether the document was a List, and has been read. */
  #readList(start: number, end: number): boolean {
    const { items, itemsStart, itemsEnd, oddItems } = this.#census
    if (oddItems) return false
    const { text } = this.file
    const behind = itemsEnd < 0 ? end : itemsEnd
    const list = parseHead(text.slice(start, itemsStart) + text.slice(behind, end))
    if (list === undefined) return false
    const lines = items.map(dash => text.lastIndexOf('\n', dash) + 1)
    lines.forEach((line, index) => {
      const next = lines[index + 1] ?? behind
      this.#readSlice(line, next, this.#scan(line, next), list)
    })
    return true
  }

  /** Reads a document, or an item of `list`. */
  #readSlice(start: number, end: number, verdict: Verdict, list: Record<string, unknown> | undefined): void {
    const { text } = this.file
    const slice = text.slice(start, end)
    const { keys } = this.#census
    let ambiguous = this.#census.ambiguous
    let analysis: Analysis | undefined
    if (verdict === 'anchors') {
      analysis = this.#analyse(slice, start)
      if (analysis === undefined) return
    }
    const parsed = this.#parse(slice, start, analysis !== undefined)
    if (parsed === undefined) return
    const value: unknown = list !== undefined && Array.isArray(parsed.value) ? parsed.value[0] : parsed.value
    if (typeof value === 'object' && value !== null) {
      const counted = this.#count(value, start)
      if (counted === undefined) return
      const isSure = analysis !== undefined || (verdict === 'usual' && keys === counted)
      if (!isSure && (this.intake.concerns(value) || slice.includes('router.io'))) {
        analysis = this.#analyse(slice, start)
        if (analysis === undefined) return
      }
    }
    if (analysis !== undefined) {
      this.#reportDuplicates(analysis, start)
      ambiguous = analysis.ambiguous.map(offset => start + offset)
    }
    this.#admit(
      value,
      { file: this.file, start, end, path: list === undefined ? whole : onlyItem },
      list,
      ambiguous,
    )
  }

  #admit(
    value: unknown,
    origin: Origin,
    list: Record<string, unknown> | undefined,
    ambiguous: readonly number[],
  ): void {
    const object =
      list === undefined ? this.intake.admit(value, origin) : this.intake.admitItem(value, origin, list)
    if (object === undefined) return
    for (let i = 0; i < ambiguous.length; i += 2)
      this.#reportAmbiguous(
        ambiguous[i] ?? 0,
        ambiguous[i + 1] ?? 0,
        isMap(value) && !isList(value) ? object : undefined,
      )
  }

  #reportAmbiguous(start: number, end: number, object: KubeObject | undefined): void {
    const scalar = this.file.text.slice(start, end)
    this.#report('AmbiguousScalar', `kubectl reads ${scalar} as ${readByKubectl(scalar)}`, start, {
      hint: `Put it in quotes where the text is meant: "${scalar}".`,
      resource: object === undefined ? undefined : refOf(object),
    })
  }

  #reportDuplicates(analysis: Analysis, start: number): void {
    for (const { key, at, first } of analysis.duplicates) {
      const { line } = this.file.place(start + first)
      this.#report('DuplicateKey', `the key ${key} is there already, in line ${line}`, start + at)
    }
  }

  /** The keys of the value, or undefined where it is not to be used. */
  #count(value: object, start: number): number | undefined {
    let forbidden = false
    try {
      const keys = countKeys(value, () => {
        forbidden = true
      })
      if (!forbidden) return keys
    } catch (thrown) {
      if (!(thrown instanceof TooDeep)) throw thrown
      this.#report('ParseError', tooDeep, start)
      return undefined
    }
    const at = this.file.text.indexOf('__proto__', start)
    this.#report('ForbiddenKey', 'the key __proto__ is not allowed', at < 0 ? start : at)
    return undefined
  }

  #parse(slice: string, start: number, hasAliases: boolean): { readonly value: unknown } | undefined {
    try {
      const value = Bun.YAML.parse(this.#hasReturns ? slice.replaceAll('\r\n', '\n') : slice)
      return { value: hasAliases ? unshared(value) : value }
    } catch (thrown) {
      if (thrown instanceof RangeError || thrown instanceof TooDeep)
        this.#report('ParseError', tooDeep, start)
      else this.#reportSyntax(messageOf(thrown), slice, start)
      return undefined
    }
  }

  #reportSyntax(message: string, slice: string, start: number): void {
    const said = lowerFirst(message.replace(/^YAML Parse error: /, ''))
    const exact = this.#parseExactly(slice)
    const errors = exact === undefined ? [] : analyse(exact, slice).errors
    const [first = { message: said, hint: undefined, at: 0 }] = errors
    this.#report('ParseError', first.message, start + first.at, { hint: first.hint })
  }

  /** What only the exact parser can tell; undefined where the document cannot be used, which was reported then. */
  #analyse(slice: string, start: number): Analysis | undefined {
    const exact = this.#parseExactly(slice)
    if (exact === undefined) {
      this.#report(
        'TooComplex',
        'this document, or this file, has too much that only a slow parser can read',
        start,
      )
      return undefined
    }
    const analysis = analyse(exact, slice)
    const [error] = analysis.errors
    if (error !== undefined) {
      this.#report('ParseError', error.message, start + error.at, { hint: error.hint })
      return undefined
    }
    // With anchors a few lines can stand for millions of nodes. One node per character is far beyond honest use.
    if (analysis.nodes > slice.length) {
      this.#report('TooComplex', 'the aliases of this document stand for too much, or for themselves', start)
      return undefined
    }
    return analysis
  }

  #parseExactly(slice: string): ExactDocument | undefined {
    if (slice.length > maxExactDocument || slice.length > this.file.exactLeft) return undefined
    this.file.exactLeft -= slice.length
    try {
      return parseExact(slice)
    } catch (thrown) {
      if (thrown instanceof RangeError) return undefined
      throw thrown
    }
  }

  #report(code: Code, message: string, at: number, details?: Details): void {
    this.intake.findings.push(located(code, message, this.file.place(at), details))
  }
}

const tooDeep = 'this is nested too deeply'

/** What a List is apart from its items, or undefined where the text is none. */
const parseHead = (text: string): Record<string, unknown> | undefined => {
  const census = new Census(text)
  if (scan(text, 0, text.length, census) !== 'usual') return undefined
  try {
    const head = Bun.YAML.parse(text)
    if (!isMap(head) || countKeys(head, () => {}) !== census.keys) return undefined
    return isList({ ...head, items: [] }) ? head : undefined
  } catch {
    // Read as a whole, it gets its finding.
    return undefined
  }
}
