import { widest } from './layout.ts'

/** Rows of escaped cells as lines: each column as wide as its widest cell, two spaces between, none at the end. */
export const inColumns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const count = Math.max(0, ...rows.map(row => row.length))
  const widths = Array.from({ length: count }, (_, column) => widest(rows.map(row => row[column] ?? '')))
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
