import { type Document, isAbsent } from './document.ts'
import { jsonLine } from './json.ts'

/**
 * Words that are the same string to every reader of YAML, 1.1 or 1.2. All else is quoted, as JSON, which YAML
 * contains. Not Bun.YAML.stringify, which leaves `1:20`, `2020-01-01` and `1_000` bare (a YAML 1.1 reader takes
 * them for numbers and a date), and not the `yaml` package, which needs 80 µs a record.
 */
const plain =
  /^(?!(?:y|n|yes|no|on|off|true|false|null|e[0-9]+)$)[a-z][a-z0-9./_(),-]*(?: [a-z0-9./_(),-]+)*$/i

/** Half a character, which JSON can write and YAML cannot, is shown as U+FFFD. */
const yamlString = (text: string): string => (plain.test(text) ? text : jsonLine(text.toWellFormed()))

/** Block YAML. */
export function* yamlText(document: Document): Generator<string> {
  for (const [key, member] of document) {
    if (isAbsent(member)) continue
    if (member.kind === 'value') yield mappingMember(key, member.value, '')
    else yield* listMember(key, member.items)
  }
}

function* listMember(key: string, items: Iterable<object>): Generator<string> {
  let empty = true
  for (const item of items) {
    if (empty) yield `${yamlString(key)}:\n`
    empty = false
    yield `  - ${below(item, '    ')}`
  }
  if (empty) yield `${yamlString(key)}: []\n`
}

const mappingMember = (key: string, data: unknown, indent: string): string => {
  const deeper = `${indent}  `
  return `${yamlString(key)}:${isCollection(data) ? `\n${deeper}` : ' '}${below(data, deeper)}`
}

/** `data` from where the line stands already; `indent` leads its further lines. */
const below = (data: unknown, indent: string): string => {
  if (!isCollection(data)) return `${scalar(data)}\n`
  let text = ''
  if (Array.isArray(data))
    for (const item of data) text += `${text === '' ? '' : indent}- ${below(item, `${indent}  `)}`
  else
    for (const key of Object.keys(data))
      if (data[key] !== undefined)
        text += `${text === '' ? '' : indent}${mappingMember(key, data[key], indent)}`
  return text
}

/** A list or mapping with something in it; an empty one is written like a scalar. */
const isCollection = (data: unknown): data is Readonly<Record<string, unknown>> => {
  if (typeof data !== 'object' || data === null) return false
  for (const key in data) if ((data as Record<string, unknown>)[key] !== undefined) return true
  return false
}

const scalar = (data: unknown): string => {
  if (typeof data === 'string') return yamlString(data)
  if (Array.isArray(data)) return '[]'
  if (typeof data === 'object' && data !== null) return '{}'
  return data === undefined ? 'null' : jsonLine(data)
}
