import { paragraph, wrapped } from '../render/layout.ts'

/** A page of fixed width: help reads the same everywhere, and can be compared with what it was. */
const width = 80

export interface Section {
  readonly title?: string
  readonly lines: readonly string[]
}

/** Sections under their titles, an empty line between each; those without lines are left out. */
export const page = (sections: readonly Section[], color: boolean): string =>
  `${sections
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => (title === undefined ? lines : [strong(title, color), ...lines]).join('\n'))
    .join('\n\n')}\n`

const strong = (title: string, color: boolean): string => (color ? `\u001b[1m${title}\u001b[0m` : title)

export const indented = (line: string): string => `  ${line}`

export const sentences = (text: string): readonly string[] => paragraph(text, '', width)

/**
 * Labels with what they mean beside them, from `column` on; a label too long for that has a line of its own.
 */
export const table = (rows: readonly (readonly [string, string])[], column: number): readonly string[] =>
  rows.flatMap(([label, meaning]) => {
    const margin = ' '.repeat(column)
    const [first = '', ...rest] = wrapped(meaning.split(' '), width - column)
    const head = indented(label)
    const top = head.length + 2 > column ? [head, margin + first] : [head.padEnd(column) + first]
    return [...top, ...rest.map(line => margin + line)]
  })
