import { type Document, isAbsent } from './document.ts'
import { escapeTerminal } from './escape.ts'

/** JSON on one line that is safe to print; the terminal's escapes are JSON's, so it is still the same data. */
export const jsonLine = (data: unknown): string => escapeTerminal(JSON.stringify(data))

/** One member a line, and one line for each item of a list: small, and good to diff. */
export function* jsonText(document: Document): Generator<string> {
  let before = '{\n'
  for (const [key, member] of document) {
    if (isAbsent(member)) continue
    yield `${before}  ${jsonLine(key)}: `
    before = ',\n'
    if (member.kind === 'value') yield jsonLine(member.value)
    else yield* jsonList(member.items)
  }
  yield before === '{\n' ? '{}\n' : '\n}\n'
}

function* jsonList(items: Iterable<object>): Generator<string> {
  let before = '[\n    '
  for (const item of items) {
    yield before + jsonLine(item)
    before = ',\n    '
  }
  yield before === '[\n    ' ? '[]' : '\n  ]'
}
