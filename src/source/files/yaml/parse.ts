import { messageOf } from '../../../lib/errors.ts'
import type { Code } from '../codes.ts'
import type { Details } from '../findings.ts'
import type { Intake } from '../intake.ts'
import { countKeys, forbidden, TooDeep, unshared } from '../measure.ts'
import type { SourceFile } from '../source-file.ts'
import { aliasedText } from './aliases.ts'
import {
  type Analysis,
  analyse,
  type ExactDocument,
  lowerFirst,
  mayParseExactly,
  parseExact,
} from './exact.ts'
import type { Verdict } from './scan.ts'

export interface Parsed {
  readonly value: unknown
  /** Start and end, by turns, of scalars that kubectl reads otherwise, where they were looked for once more. */
  readonly ambiguous?: readonly number[]
}

/**
 * Parses documents and says what is wrong with them. Values are always Bun.YAML's, which is some thirty times as
 * fast as `yaml` and as strict, but says neither where a mistake is nor that a key is there twice. So a scan counts
 * the keys in the text beforehand, and `yaml` is asked only where the value has fewer or the scan could not tell.
 *
 * | verdict of the scan | order                                                              |
 * | ------------------- | ------------------------------------------------------------------ |
 * | usual, same count   | Bun.YAML                                                           |
 * | usual, unusual      | Bun.YAML, then `yaml` where the document is any of our business    |
 * | anchors             | both; `yaml` first where there are merges, as a few lines of these |
 * |                     | may stand for millions of keys                                     |
 */
export class Parser {
  /** Bun.YAML (1.4) takes the end of a line within quotes for two where it is "\r\n". */
  readonly #hasReturns: boolean

  constructor(
    private readonly file: SourceFile,
    private readonly intake: Intake,
  ) {
    this.#hasReturns = file.text.includes('\r')
  }

  /** The document, or undefined where it cannot be used; that was reported then. `keys` is what the scan counted. */
  parse(start: number, end: number, verdict: Verdict, keys: number): Parsed | undefined {
    const slice = this.file.text.slice(start, end)
    // A document that the scan found usual has no aliases.
    if (verdict !== 'usual') {
      this.file.aliasesLeft -= aliasedText(slice, this.file.aliasesLeft)
      if (this.file.aliasesLeft < 0) {
        this.#reportAliases(start)
        return undefined
      }
    }
    return verdict === 'anchors'
      ? this.#withAnchors(slice, start)
      : this.#without(slice, start, verdict, keys)
  }

  #without(slice: string, start: number, verdict: Verdict, keys: number): Parsed | undefined {
    const parsed = this.#parse(slice, start)
    if (parsed === undefined) return undefined
    const counted = this.#countKeys(parsed.value, start)
    if (counted === undefined) return undefined
    if (verdict === 'usual' && counted === keys) return parsed
    if (!this.intake.concerns(parsed.value) && !slice.includes('router.io')) return parsed
    const exact = this.#parseExactly(slice, true)
    if (exact !== undefined) return this.#compared(parsed, this.#analyse(exact, slice, start), start)
    if (verdict !== 'usual') return this.#tooComplex(start)
    this.#report('DuplicateKey', 'there seems to be a key twice in this document', start)
    return parsed
  }

  #withAnchors(slice: string, start: number): Parsed | undefined {
    // Bun.YAML shares what aliases stand for, but copies what is merged.
    const early = slice.includes('<<') ? undefined : this.#parse(slice, start)
    if (early === undefined && !slice.includes('<<')) return undefined
    const exact = this.#parseExactly(slice, early !== undefined)
    if (exact === undefined) return this.#tooComplex(start)
    const analysis = this.#analyse(exact, slice, start)
    if (analysis === undefined) return undefined
    // One node per character is far beyond honest use.
    if (analysis.nodes > slice.length) {
      this.#reportAliases(start)
      return undefined
    }
    const parsed = early ?? this.#parse(slice, start)
    const tree = parsed && this.#unshared(parsed.value, start)
    if (tree === undefined || this.#countKeys(tree.value, start) === undefined) return undefined
    return this.#compared(tree, analysis, start)
  }

  #unshared(value: unknown, start: number): Parsed | undefined {
    try {
      return { value: unshared(value) }
    } catch (thrown) {
      if (!(thrown instanceof TooDeep)) throw thrown
      this.#reportDepth(start)
      return undefined
    }
  }

  #parse(slice: string, start: number): Parsed | undefined {
    try {
      return { value: Bun.YAML.parse(this.#hasReturns ? slice.replaceAll('\r\n', '\n') : slice) }
    } catch (thrown) {
      // A RangeError is an exhausted stack.
      if (thrown instanceof RangeError) this.#reportDepth(start)
      else if (messageOf(thrown).includes('Excessive aliasing')) this.#reportAliases(start)
      else this.#reportSyntax(messageOf(thrown), slice, start)
      return undefined
    }
  }

  /** How many keys the value has, or undefined where it is not to be used. */
  #countKeys(value: unknown, start: number): number | undefined {
    if (typeof value !== 'object' || value === null) return 0
    const keys = countKeys(value)
    if (keys >= 0) return keys
    if (keys === forbidden) this.#reportForbidden(start)
    else this.#reportDepth(start)
    return undefined
  }

  /** `isLegal`: Bun.YAML has accepted it. */
  #parseExactly(slice: string, isLegal: boolean): ExactDocument | undefined {
    if (!mayParseExactly(slice.length, isLegal, this.file)) return undefined
    try {
      return parseExact(slice)
    } catch (thrown) {
      if (thrown instanceof RangeError) return undefined
      throw thrown
    }
  }

  /** What only the exact parser knows, or undefined where it found the document wrong. */
  #analyse(exact: ExactDocument, slice: string, start: number): Analysis | undefined {
    const analysis = analyse(exact, slice)
    const { error } = analysis
    if (error === undefined) return analysis
    this.#report('ParseError', error.message, start + error.at, { hint: error.hint })
    return undefined
  }

  #compared(parsed: Parsed, analysis: Analysis | undefined, start: number): Parsed | undefined {
    if (analysis === undefined) return undefined
    for (const { key, at, first } of analysis.duplicates) {
      const { line } = this.file.place(start + first)
      this.#report('DuplicateKey', `the key ${key} is there already, in line ${line}`, start + at)
    }
    return { value: parsed.value, ambiguous: analysis.ambiguous.map(offset => start + offset) }
  }

  #reportSyntax(message: string, slice: string, start: number): void {
    const exact = this.#parseExactly(slice, false)
    const error = exact === undefined ? undefined : analyse(exact, slice).error
    const said = lowerFirst(message.replace(/^YAML Parse error: /, ''))
    this.#report('ParseError', error?.message ?? said, start + (error?.at ?? 0), { hint: error?.hint })
  }

  #reportDepth(start: number): void {
    this.#report('ParseError', 'this is nested too deeply', start)
  }

  #reportAliases(start: number): void {
    this.#report('TooComplex', 'the aliases of this document stand for too much, or for themselves', start)
  }

  #reportForbidden(start: number): void {
    const at = this.file.text.indexOf('__proto__', start)
    this.#report('ForbiddenKey', 'the key __proto__ is not allowed', at < 0 ? start : at)
  }

  #tooComplex(start: number): undefined {
    this.#report(
      'TooComplex',
      'this document, or this file, has too much that only a slow parser can read',
      start,
    )
  }

  #report(code: Code, message: string, at: number, details?: Details): void {
    this.intake.report.add(code, message, () => this.file.place(at), details)
  }
}
