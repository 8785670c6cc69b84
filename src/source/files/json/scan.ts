const quote = 34
const backslash = 92

export interface JsonCensus {
  /** How many keys all objects have together, duplicates included. */
  readonly keys: number
  /** Start and end, by turns, of the elements of the top-level `items`, where these are objects. */
  readonly items: readonly number[]
  readonly tooDeep: boolean
}

/** Deeper than any Kubernetes object. JSON.parse itself would take millions, and 40 bytes of memory for each. */
const maxDepth = 200

/** Walks over a text that most likely is JSON; of one that is not, the answer means nothing. */
export const scanJson = (text: string): JsonCensus => {
  let keys = 0
  const items: number[] = []
  let depth = 0
  /** Where the string that ended last began, to know a key by when its colon comes. */
  let stringStart = 0
  let inItems = false
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        stringStart = at
        at = closingQuote(text, at)
        break
      case 58 /* : */:
        keys++
        if (depth === 1) inItems = text.startsWith('"items"', stringStart)
        break
      case 123 /* { */:
        if (depth === 2 && inItems) items.push(at)
        if (++depth > maxDepth) return { keys, items, tooDeep: true }
        break
      case 125 /* } */:
        depth--
        if (depth === 2 && inItems) items.push(at + 1)
        break
      case 91 /* [ */:
        if (++depth > maxDepth) return { keys, items, tooDeep: true }
        break
      case 93 /* ] */:
        depth--
        break
    }
  }
  return { keys, items, tooDeep: false }
}

const closingQuote = (text: string, start: number): number => {
  let at = start + 1
  for (;;) {
    const c = text.charCodeAt(at)
    if (c === quote || Number.isNaN(c)) return at
    at += c === backslash ? 2 : 1
  }
}
