import type { KubeObject } from '../../api/object.ts'
import type { FieldPath } from '../../engine/finding.ts'
import type { Place, Places } from '../place.ts'
import { type Origin, onlyItem } from './origin.ts'
import { Search } from './search.ts'
import { skipToContent } from './yaml/chars.ts'

/** Remembers where objects came from, and finds out the exact place of a field when it is asked for. */
export class Origins implements Places {
  readonly #objects: KubeObject[] = []
  readonly #origins: Origin[] = []
  /** Made when the first place is asked for, of as many objects as there are then. */
  readonly #byObject = new Map<KubeObject, Origin>()
  readonly #search = new Search()

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
    if (path.length === 0 && beginsSlice(origin)) return undefined
    return this.#search.find(origin, [...origin.path, ...path])
  }
}

/** Whether the first thing in the slice is the object itself: the only item of a sequence is. */
const beginsSlice = ({ path }: Origin): boolean => path.length === 0 || path === onlyItem
