import { type KubeObject, refOf } from '../../../api/object.ts'
import type { Intake } from '../intake.ts'
import { countKeys } from '../measure.ts'
import { onlyItem, whole } from '../origin.ts'
import { isList, isMap } from '../shape.ts'
import type { SourceFile } from '../source-file.ts'
import { readByKubectl } from './ambiguous.ts'
import { Census } from './census.ts'
import { eachDocument } from './documents.ts'
import { Parser } from './parse.ts'
import { scan, type Verdict } from './scan.ts'

/** Reads the documents of a file. A List is read item by item, as if these were documents: in a third of the memory. */
export class YamlReader {
  readonly #census: Census
  readonly #parser: Parser

  constructor(
    private readonly file: SourceFile,
    private readonly intake: Intake,
  ) {
    this.#census = new Census(file.text)
    this.#parser = new Parser(file, intake)
  }

  read(): void {
    eachDocument(this.file.text, (start, end) => {
      const verdict = this.#scan(start, end)
      if (verdict === 'usual' && this.#census.items.length > 0 && this.#readList(start, end)) return
      this.#readSlice(start, end, verdict)
    })
  }

  #scan(start: number, end: number): Verdict {
    this.#census.clear()
    return scan(this.file.text, start, end, this.#census)
  }

  /** Whether the document was a List, and has been read. */
  #readList(start: number, end: number): boolean {
    const { items, itemsStart, itemsEnd, oddItems } = this.#census
    const { text } = this.file
    const behind = itemsEnd < 0 ? end : itemsEnd
    const lines = items.map(dash => text.lastIndexOf('\n', dash) + 1)
    if (oddItems || !onlyItemsKey.test(text.slice(itemsStart, lines[0]))) return false
    const list = parseHead(text.slice(start, itemsStart) + text.slice(behind, end))
    if (list === undefined) return false
    lines.forEach((line, index) => {
      const next = lines[index + 1] ?? behind
      this.#readSlice(line, next, this.#scan(line, next), list)
    })
    return true
  }

  /** Reads a document, or an item of `list`. */
  #readSlice(start: number, end: number, verdict: Verdict, list?: Record<string, unknown>): void {
    const { keys, ambiguous } = this.#census
    const parsed = this.#parser.parse(start, end, verdict, keys)
    if (parsed === undefined) return
    const origin = { file: this.file, start, end, path: list === undefined ? whole : onlyItem }
    const value = list !== undefined && Array.isArray(parsed.value) ? parsed.value[0] : parsed.value
    const object =
      list === undefined ? this.intake.admit(value, origin) : this.intake.admitItem(value, origin, list)
    if (object === undefined) return
    this.#reportAmbiguous(parsed.ambiguous ?? ambiguous, isMap(value) && isList(value) ? undefined : object)
  }

  #reportAmbiguous(offsets: readonly number[], object: KubeObject | undefined): void {
    for (let i = 0; i < offsets.length; i += 2) {
      const start = offsets[i] ?? 0
      const scalar = this.file.text.slice(start, offsets[i + 1])
      const message = `kubectl reads ${scalar} as ${readByKubectl(scalar)}`
      this.intake.report.add('AmbiguousScalar', message, () => this.file.place(start), {
        hint: `Put it in quotes where the text is meant: "${scalar}".`,
        resource: object === undefined ? undefined : refOf(object),
      })
    }
  }
}

/** The line `items:`, and perhaps comments. */
const onlyItemsKey = /^items[ \t]*:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*$/

/** What a List is apart from its items, or undefined where the text is none. */
const parseHead = (text: string): Record<string, unknown> | undefined => {
  const census = new Census(text)
  if (scan(text, 0, text.length, census) !== 'usual') return undefined
  try {
    const head = Bun.YAML.parse(text)
    if (!isMap(head) || countKeys(head) !== census.keys) return undefined
    return isList({ ...head, items: [] }) ? head : undefined
  } catch {
    // Read as a whole, it gets its finding.
    return undefined
  }
}
