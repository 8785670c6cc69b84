/**
 * TypeScript source without what is not code. `code` has no comments; `bare` has no text in strings and regular
 * expressions either, so that a word in it is a word of the program. Line breaks stay.
 *
 * | source                 | code              | bare         |
 * | ---------------------- | ----------------- | ------------ |
 * | a('x // y') // z       | a('x // y')       | a('')        |
 * | b(`n ${Date.now()} m`) | unchanged         | b(`${Date.now()}`) |
 * | /["'/*]/.test(c)       | unchanged         | //.test(c)   |
 */
export interface SourceText {
  readonly code: string
  readonly bare: string
}

export const sourceText = (source: string): SourceText => {
  let code = ''
  let bare = ''
  let at = 0
  /** One entry for each `${` that is open: how many braces are open within it. */
  const templates: number[] = []

  const take = (length: number, inBare: boolean): void => {
    const text = source.slice(at, at + length)
    code += text
    bare += inBare ? text : text.replace(/[^\n]/g, '')
    at += length
  }
  const drop = (length: number): void => {
    const breaks = source.slice(at, at + length).replace(/[^\n]/g, '')
    code += breaks
    bare += breaks
    at += length
  }
  const quoted = (quote: string): void => {
    take(1, true)
    while (at < source.length && source[at] !== quote && source[at] !== '\n')
      take(source[at] === '\\' ? 2 : 1, false)
    take(1, true)
  }
  /** The text of a template, from behind its backtick or the `}` of an expression. */
  const template = (): void => {
    while (at < source.length && source[at] !== '`') {
      if (source.startsWith('${', at)) {
        take(2, true)
        templates.push(0)
        return
      }
      take(source[at] === '\\' ? 2 : 1, false)
    }
    take(1, true)
  }
  const regularExpression = (): void => {
    take(1, true)
    let inClass = false
    while (at < source.length && source[at] !== '\n' && (inClass || source[at] !== '/')) {
      if (source[at] === '[') inClass = true
      if (source[at] === ']') inClass = false
      take(source[at] === '\\' ? 2 : 1, false)
    }
    take(1, true)
  }

  while (at < source.length) {
    const char = source[at] ?? ''
    const open = templates.at(-1)
    if (source.startsWith('//', at)) drop(lengthTo(source, '\n', at, 0))
    else if (source.startsWith('/*', at)) drop(lengthTo(source, '*/', at, 2))
    else if (char === "'" || char === '"') quoted(char)
    else if (char === '/' && beginsExpression(bare)) regularExpression()
    else if (char === '`') {
      take(1, true)
      template()
    } else if (open !== undefined && char === '}' && open === 0) {
      templates.pop()
      take(1, true)
      template()
    } else {
      if (open !== undefined && char === '{') templates[templates.length - 1] = open + 1
      if (open !== undefined && char === '}') templates[templates.length - 1] = open - 1
      take(1, true)
    }
  }
  return { code, bare }
}

const lengthTo = (source: string, end: string, from: number, past: number): number => {
  const index = source.indexOf(end, from)
  return (index < 0 ? source.length : index + past) - from
}

/** Whether a `/` behind this code begins a regular expression, rather than dividing. */
const beginsExpression = (before: string): boolean => {
  const text = before.trimEnd()
  return (
    text === '' || /[(,=:[!&|?{};+\-*%~^<>]$|\b(return|typeof|case|in|of|do|else|void|delete)$/.test(text)
  )
}
