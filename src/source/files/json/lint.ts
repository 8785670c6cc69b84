import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser'

export interface JsonMistake {
  readonly message: string
  readonly at: number
}

/** Where the first mistake is in a text that JSON.parse refused. */
export const firstMistake = (text: string): JsonMistake | undefined => {
  let mistake: JsonMistake | undefined
  const stop = new Error('found')
  try {
    visit(
      text,
      {
        onError: (code, at) => {
          mistake = { message: wording(code), at }
          throw stop
        },
      },
      { disallowComments: true, allowTrailingComma: false },
    )
  } catch (thrown) {
    if (thrown !== stop && !(thrown instanceof RangeError)) throw thrown
  }
  return mistake
}

/** `PropertyNameExpected` → `property name expected` */
const wording = (code: ParseErrorCode): string =>
  printParseErrorCode(code)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()

export interface DuplicateJsonKey {
  readonly key: string
  readonly at: number
  readonly first: number
}

export const duplicateKeys = (text: string): DuplicateJsonKey[] => {
  const found: DuplicateJsonKey[] = []
  const open: Map<string, number>[] = []
  visit(text, {
    onObjectBegin: () => void open.push(new Map()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty: (key, at) => {
      const seen = open.at(-1)
      const first = seen?.get(key)
      if (first === undefined) seen?.set(key, at)
      else found.push({ key, at, first })
    },
  })
  return found
}
