import type { KubeObject } from '../../api/object.ts'
import type { FieldPath } from '../../engine/finding.ts'
import type { Place, Places } from '../place.ts'
import { findInJson } from './json/find.ts'
import { type Origin, onlyItem, type Slice } from './origin.ts'
import { skipToContent } from './yaml/chars.ts'
import { type ExactDocument, findInDocument, mayParseExactly, parseExact } from './yaml/exact.ts'
import { findInBlock } from './yaml/find.ts'

/** Remembers where objects came from, and finds out the exact place of a field when it is asked for. */
export class Origins implements Places {
  readonly #objects: KubeObject[] = []
  readonly #origins: Origin[] = []
  /** Made when the first place is asked for, of as many objects as there are then. */
  #byObject = new Map<KubeObject, Origin>()
  /** The document that was parsed last: findings come in the order of the text. */
  #last: { readonly slice: Slice; readonly document: ExactDocument } | undefined

  add(object: KubeObject, origin: Origin): void {
    this.#objects.push(object)
    this.#origins.push(origin)
  }

  start(object: KubeObject): Place | undefined {
    const origin = this.#originOf(object)
    return origin === undefined ? undefined : this.placeIn(origin, [])
  }

  field(object: KubeObject, path: FieldPath): Place | undefined {
    const origin = this.#originOf(object)
    return origin === undefined ? undefined : this.placeIn(origin, path)
  }

  placeIn(origin: Origin, path: FieldPath): Place {
    const { file, start } = origin
    return file.place(this.#find(origin, path) ?? skipToContent(file.text, start))
  }

  #originOf(object: KubeObject): Origin | undefined {
    for (let i = this.#byObject.size; i < this.#objects.length; i++) {
      const [known, origin] = [this.#objects[i], this.#origins[i]]
      if (known !== undefined && origin !== undefined) this.#byObject.set(known, origin)
    }
    return this.#byObject.get(object)
  }

  #find(origin: Origin, path: FieldPath): number | undefined {
    const { file, start, end } = origin
    if (path.length === 0 && beginsSlice(origin)) return undefined
    const steps = [...origin.path, ...path]
    if (end - start > file.searchLeft) return undefined
    file.searchLeft -= end - start
    if (file.format === 'json') return findInJson(file.text, start, end, steps)
    return findInBlock(file.text, start, end, steps) ?? this.#findExactly(origin, steps)
  }

  #findExactly(slice: Slice, path: FieldPath): number | undefined {
    const document = this.#parse(slice)
    const found = document && findInDocument(document, path)
    return found === undefined ? undefined : slice.start + found
  }

  #parse(slice: Slice): ExactDocument | undefined {
    const last = this.#last
    if (last?.slice.file === slice.file && last.slice.start === slice.start && last.slice.end === slice.end)
      return last.document
    const { file, start, end } = slice
    if (!mayParseExactly(end - start, file)) return undefined
    const document = parseExact(file.text.slice(start, end))
    this.#last = { slice, document }
    return document
  }
}

/** Whether the first thing in the slice is the object itself: the only item of a sequence is. */
const beginsSlice = ({ path }: Origin): boolean => path.length === 0 || path === onlyItem
