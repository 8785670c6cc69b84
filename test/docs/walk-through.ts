import type { Block, Page } from './markdown.ts'

/**
 * A page that is run as it stands. Its blocks are steps, in their order:
 *
 * | block                                  | step                                                       |
 * | -------------------------------------- | ---------------------------------------------------------- |
 * | `yaml`, its first line `# shop.yaml`   | the reader saves it under that name                        |
 * | `sh`                                   | the reader runs it; it must end well                       |
 * | `text` behind it                       | what it prints, [normalised](#comparable)                  |
 */
export type Step =
  | { readonly do: 'save'; readonly heading: string; readonly file: string; readonly text: string }
  | { readonly do: 'run'; readonly heading: string; readonly block: Block; readonly shown?: Block }

export const stepsOf = ({ text, blocks }: Page): readonly Step[] => {
  const lines = text.split('\n')
  return blocks.flatMap((block, index): readonly Step[] => {
    const heading = lines.slice(0, block.line - 1).findLast(line => line.startsWith('## ')) ?? ''
    if (block.language === 'yaml') {
      const file = /^# (\S+\.yaml)\n/.exec(block.text)?.[1]
      if (file === undefined) throw new Error(`line ${block.line}: the block does not name its file`)
      return [{ do: 'save', heading, file, text: `${block.text}\n` }]
    }
    const before = blocks[index - 1]
    if (block.language === 'text') {
      if (before?.language !== 'sh') throw new Error(`line ${block.line}: no command prints this`)
      return []
    }
    if (block.language !== 'sh') throw new Error(`line ${block.line}: nobody knows how to run this`)
    const next = blocks[index + 1]
    return [{ do: 'run', heading, block, ...(next?.language === 'text' ? { shown: next } : {}) }]
  })
}

/** Commands that only look: what they print may take a moment to be so, and they can be asked again. */
const looks =
  /^(dig|kubectl( -n \S+)? get|srouter (plan|status|why|validate|failover start \S+ --dry-run))\b(?!.*>)/
export const onlyLooks = ({ text }: Block): boolean => text.split('\n').every(line => looks.test(line))

/** Without what differs from one run to the next: ages, numbers of questions, and with these the widths of columns. */
export const comparable = (output: string): string =>
  output
    .replace(/\b(\d+[dhms])+\b/g, 'AGE')
    .replace(/\bid: \d+/g, 'id: N')
    .split('\n')
    .map(line => line.trimEnd().replace(/(\S) {2,}/g, '$1  '))
    .join('\n')
    .trimEnd()

/** The page with other outputs. */
export const rewritten = (
  { text }: Page,
  outputs: readonly { readonly shown: Block; readonly out: string }[],
): string => {
  const lines = text.split('\n')
  for (const { shown, out } of outputs.toSorted((a, b) => b.shown.line - a.shown.line))
    lines.splice(shown.line - 1, shown.text === '' ? 0 : shown.text.split('\n').length, out.trimEnd())
  return lines.join('\n')
}
