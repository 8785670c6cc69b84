import type { Output } from '../lib/io.ts'
import { plainStyle, type Style } from './render/style.ts'

/** How to lay text out for where it goes: a terminal's width, and 80 columns for everything else. */
export const styleOf = ({ columns, color }: Output): Style => ({
  ...plainStyle,
  color,
  ...(columns === undefined ? {} : { width: columns }),
})

export const writeAll = (output: Pick<Output, 'out'>, chunks: Iterable<string>): void => {
  for (const chunk of chunks) output.out(chunk)
}
