/** As much of Markdown as the documents use. Lines count from 1. */
export interface Page {
  readonly path: string
  readonly text: string
  /** As GitHub makes anchors of headings. */
  readonly anchors: ReadonlySet<string>
  readonly links: readonly Piece[]
  /** What stands between backticks, outside of blocks. */
  readonly spans: readonly Piece[]
  readonly blocks: readonly Block[]
}

export interface Piece {
  readonly text: string
  readonly line: number
}

/** A fenced block; `line` is its first line of text. */
export interface Block extends Piece {
  readonly language: string
}

export const parsePage = (path: string, text: string): Page => {
  const blocks: Block[] = []
  const links: Piece[] = []
  const spans: Piece[] = []
  const headings: string[] = []
  let open: { readonly language: string; readonly line: number; readonly lines: string[] } | undefined
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1
    const fence = /^```(\w*)/.exec(content)
    if (open !== undefined) {
      if (fence === null) open.lines.push(content)
      else {
        blocks.push({ language: open.language, text: open.lines.join('\n'), line: open.line })
        open = undefined
      }
      continue
    }
    if (fence !== null) {
      open = { language: fence[1] ?? '', line: line + 1, lines: [] }
      continue
    }
    const heading = /^#+ (.*)$/.exec(content)
    if (heading !== null) headings.push(heading[1] ?? '')
    for (const [, span = ''] of content.matchAll(/`([^`]+)`/g)) spans.push({ text: span, line })
    for (const [, target = ''] of content.replace(/`[^`]+`/g, '').matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g))
      links.push({ text: target, line })
  }
  return { path, text, anchors: anchorsOf(headings), links, spans, blocks }
}

/**
 * | heading            | anchor           |
 * | ------------------ | ---------------- |
 * | Where to change it | where-to-change-it |
 * | `plan`             | plan             |
 * | the same again     | …-1              |
 */
const anchorsOf = (headings: readonly string[]): ReadonlySet<string> => {
  const anchors = new Set<string>()
  for (const heading of headings) {
    const plain = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    let anchor = plain
    for (let again = 1; anchors.has(anchor); again++) anchor = `${plain}-${again}`
    anchors.add(anchor)
  }
  return anchors
}

/** The rows of all tables of a page, or of a part of it; the cells as they are written. */
export const tableRows = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter(line => line.startsWith('|') && !/^[|\s-]+$/.test(line))
    .map(line =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split('|')
        .map(cell => cell.trim()),
    )

/** The part of a page under a heading, up to the next one of its level or above. */
export const section = ({ path, text }: Pick<Page, 'path' | 'text'>, heading: string): string => {
  const lines = text.split('\n')
  const start = lines.indexOf(heading)
  if (start < 0) throw new Error(`${path} has no heading "${heading}"`)
  const level = heading.indexOf(' ')
  const length = lines.slice(start + 1).findIndex(line => /^#+ /.test(line) && line.indexOf(' ') <= level)
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join('\n')
}
