import type { Figure, Spread } from './figure.ts'

const columns = ['figure', 'measured', 'its floor', 'ratio', 'earlier', 'aim', '', 'load'] as const

/** For people; the floor's name stands below the first figure that has it. */
export const table = (figures: readonly Figure[]): string => {
  const rows = [[...columns], ...figures.map(rowOf)]
  const widths = columns.map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  const floors = [...new Set(figures.flatMap(({ floor }) => floor?.what ?? []))]
  return [
    ...rows.map(line),
    '',
    'median (least to most); earlier: the earlier operator; the floor is the same work without srouter, in the same run:',
    ...floors.map(what => `  ${what}`),
    '',
  ].join('\n')
}

const rowOf = ({ name, unit, measured, floor, ratio, earlier, aim, reached, load }: Figure): string[] => [
  name,
  `${spreadText(measured)} ${unit}`,
  floor === undefined ? '' : spreadText(floor.measured),
  ratio === undefined ? '' : ratio.toFixed(2),
  earlier === undefined ? '' : digits(earlier),
  aim === undefined ? '' : `≤ ${aim.atMost}${aim.of === 'ratio' ? ' ×' : ` ${unit}`}`,
  reached === undefined ? '' : reached ? 'reached' : 'missed',
  `${load[0].toFixed(1)} → ${load[1].toFixed(1)}`,
]

const spreadText = ({ median, min, max, runs }: Spread): string =>
  runs === 1 ? digits(median) : `${digits(median)} (${digits(min)}–${digits(max)})`

const digits = (value: number): string =>
  Math.abs(value) < 10 && !Number.isInteger(value) ? value.toFixed(1) : String(Math.round(value))
