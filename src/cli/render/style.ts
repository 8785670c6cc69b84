/** What a renderer may know of the place where its text will be read. */
export interface Style {
  readonly color: boolean
  /** Columns to keep within where that is possible; names are never broken. */
  readonly width: number
}

export const plainStyle: Style = { color: false, width: 80 }

export type Paint = (text: string) => string

/** Colours by meaning, so that no renderer names one. */
export interface Palette {
  readonly add: Paint
  readonly change: Paint
  readonly remove: Paint
  readonly held: Paint
  readonly error: Paint
  readonly warning: Paint
  readonly strong: Paint
  readonly faint: Paint
}

/** `text` has to be escaped already: afterwards its control characters can no longer be told from these. */
const sgr =
  (codes: string): Paint =>
  text =>
    text === '' ? '' : `\u001b[${codes}m${text}\u001b[0m`

const colored: Palette = {
  add: sgr('32'),
  change: sgr('33'),
  remove: sgr('31'),
  held: sgr('1;33'),
  error: sgr('1;31'),
  warning: sgr('1;33'),
  strong: sgr('1'),
  faint: sgr('2'),
}

const unchanged: Paint = text => text

const plain: Palette = {
  add: unchanged,
  change: unchanged,
  remove: unchanged,
  held: unchanged,
  error: unchanged,
  warning: unchanged,
  strong: unchanged,
  faint: unchanged,
}

export const paletteOf = (style: Style): Palette => (style.color ? colored : plain)
