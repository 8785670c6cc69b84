import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser'
import type { FieldPath } from '../../../engine/finding.ts'

/** As large as an object can be in etcd, with room for indentation. Only a List could be larger. */
const maxLength = 4_000_000

/** The offset of the field at `path` in the JSON value `text[start, end)`, or of the nearest one above it that exists. */
export const findInJson = (text: string, start: number, end: number, path: FieldPath): number | undefined => {
  if (end - start > maxLength) return undefined
  const root = tree(text.slice(start, end))
  if (root === undefined) return undefined
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length))
    if (node !== undefined) return start + keyOf(node).offset
  }
  return undefined
}

const tree = (text: string): Node | undefined => {
  try {
    return parseTree(text)
  } catch (thrown) {
    // It recurses, and so do the brackets.
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

/** Of a field its key, of an item itself. */
const keyOf = (node: Node): Node =>
  node.parent?.type === 'property' ? (node.parent.children?.[0] ?? node) : node
