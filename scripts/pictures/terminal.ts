/** Draws what a terminal shows as an SVG, cell by cell, so that columns stay columns whatever font there is. */

interface Run {
  readonly text: string
  readonly codes: readonly number[]
}

const cell = { width: 8.4, height: 19, font: 14 }
const margin = 20

/** The colours of a dark terminal; those of them that src/cli/render/style.ts uses. */
const styles: Readonly<Record<number, string>> = {
  1: 'font-weight:bold;fill:#f0f6fc',
  2: 'fill:#8b949e',
  31: 'fill:#ff7b72',
  32: 'fill:#56d364',
  33: 'fill:#e3b341',
}

/** `title` is what is read aloud; `screen` the bytes that a terminal got. */
export const terminalPicture = (title: string, screen: string): string => {
  const lines = screen.replaceAll('\r\n', '\n').trimEnd().split('\n').map(runsOf)
  const columns = Math.max(...lines.map(runs => runs.reduce((sum, { text }) => sum + text.length, 0)))
  const width = Math.ceil(columns * cell.width + 2 * margin)
  const height = lines.length * cell.height + 2 * margin
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(title)}</title>`,
    '<style>',
    `text{font:${cell.font}px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;fill:#c9d1d9}`,
    ...Object.entries(styles).map(([code, style]) => `.c${code}{${style}}`),
    '</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...lines.flatMap((runs, row) => drawn(runs, margin + row * cell.height + cell.font)),
    '</svg>',
    '',
  ].join('\n')
}

const drawn = (runs: readonly Run[], y: number): readonly string[] => {
  let column = 0
  return runs.flatMap(({ text, codes }) => {
    const indent = text.length - text.trimStart().length
    const x = (margin + (column + indent) * cell.width).toFixed(1)
    column += text.length
    const shown = text.trim()
    if (shown === '') return []
    const length = (shown.length * cell.width).toFixed(1)
    const classes = codes.length === 0 ? '' : ` class="${codes.map(code => `c${code}`).join(' ')}"`
    return [`<text x="${x}" y="${y}" textLength="${length}"${classes}>${escaped(shown)}</text>`]
  })
}

/** The line cut where its look changes. A sequence that is not one of ours is an error, and not left out of the picture. */
const runsOf = (line: string): readonly Run[] => {
  const runs: Run[] = []
  let codes: readonly number[] = []
  for (const [index, piece] of line.split(/\u001b\[([\d;]*)m/).entries()) {
    if (index % 2 === 0) {
      if (/[\u0000-\u001f]/.test(piece)) throw new Error(`cannot draw ${JSON.stringify(piece)}`)
      if (piece !== '') runs.push({ text: piece, codes })
      continue
    }
    codes = piece
      .split(';')
      .map(Number)
      .filter(code => code !== 0)
    const unknown = codes.find(code => styles[code] === undefined)
    if (unknown !== undefined) throw new Error(`no colour for ${unknown}`)
  }
  return runs
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
