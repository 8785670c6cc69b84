export const generatedBy = '<!-- Generated from the code by scripts/generate. Do not edit. -->'

/** A table; nothing where it has no rows. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0
    ? ''
    : `${[head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |\n`).join('')}\n`

/** Text in a cell. */
export const cell = (text: string): string =>
  text
    .replaceAll('\\', '\\\\')
    .replace(/[*_<>[\]~]/g, '\\$&')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')

/** Code in a cell: there a backslash has a meaning before `|` alone. */
export const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

export const paragraphs = (...texts: readonly string[]): string => texts.map(text => `${text}\n\n`).join('')
