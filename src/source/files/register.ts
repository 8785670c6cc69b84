import type { KindInfo } from '../../api/kinds.ts'

interface Names {
  readonly namespace: string
  readonly indexes: Map<string, number>
}

/**
 * Which objects there are, by kind, namespace and name, each with the index it has in a list elsewhere. Maps within
 * maps, because a joined key for each of 100,000 objects would take 10 MB.
 */
export class Register {
  readonly #kinds = new Map<KindInfo, Map<string, Names>>()

  /** The entry of all objects of one kind and namespace; its `namespace` is one string for all of them. */
  names(kind: KindInfo, namespace: string): Names {
    let namespaces = this.#kinds.get(kind)
    if (namespaces === undefined) {
      namespaces = new Map()
      this.#kinds.set(kind, namespaces)
    }
    let names = namespaces.get(namespace)
    if (names === undefined) {
      names = { namespace, indexes: new Map() }
      namespaces.set(namespace, names)
    }
    return names
  }
}
