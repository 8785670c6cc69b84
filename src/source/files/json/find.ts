import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser'
import type { FieldPath } from '../../../engine/finding.ts'

export type JsonTree = Node

/** The values of a JSON text with their offsets, or undefined where it has none. */
export const parseJsonTree = (text: string): JsonTree | undefined => {
  try {
    return parseTree(text)
  } catch (thrown) {
    // It recurses, and so do the brackets.
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

/** The offset of the field at `path`, or of the nearest one above it that exists: of a field its key, of an item itself. */
export const findInJson = (root: JsonTree, path: FieldPath): number | undefined => {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length))
    if (node !== undefined) return keyOf(node).offset
  }
  return undefined
}

const keyOf = (node: Node): Node =>
  node.parent?.type === 'property' ? (node.parent.children?.[0] ?? node) : node
