import { loadavg } from 'node:os'

/** Of several runs. One alone says little on a machine that does other things as well. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly runs: number
}

/** What a figure may be at most, its median or its least, or what it may be of its floor. */
export interface Aim {
  readonly of: 'figure' | 'least' | 'ratio'
  readonly atMost: number
}

export interface Figure {
  readonly name: string
  readonly unit: 'ms' | 's' | 'MB' | '%' | 'MB/h' | 'DNSEndpoints' | 'answers'
  readonly measured: Spread
  /** The least that the same work costs without srouter, in the same run. */
  readonly floor?: { readonly what: string; readonly measured: Spread }
  /** Of the medians. */
  readonly ratio?: number
  /** What the earlier operator took. */
  readonly earlier?: number
  readonly aim?: Aim
  readonly reached?: boolean
  /** The machine's load average over a minute, before and after. */
  readonly load: readonly [number, number]
}

export const spread = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  const median = ((sorted[Math.floor(half)] ?? 0) + (sorted[Math.ceil(half)] ?? 0)) / 2
  return { median, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0, runs: sorted.length }
}

export interface Measurement {
  readonly name: string
  readonly unit: Figure['unit']
  readonly values: readonly number[]
  readonly floor?: { readonly what: string; readonly values: readonly number[] }
  readonly earlier?: number | undefined
  readonly aim?: Aim
}

export const figure = (
  { name, unit, values, floor, earlier, aim }: Measurement,
  loadBefore: number = currentLoad(),
): Figure => {
  const measured = spread(values)
  const below = floor === undefined ? undefined : { what: floor.what, measured: spread(floor.values) }
  const ratio = below === undefined ? undefined : measured.median / below.measured.median
  const judged = aim?.of === 'ratio' ? ratio : aim?.of === 'least' ? measured.min : measured.median
  return {
    name,
    unit,
    measured,
    ...(below === undefined ? {} : { floor: below }),
    ...(ratio === undefined ? {} : { ratio }),
    ...(earlier === undefined ? {} : { earlier }),
    ...(aim === undefined || judged === undefined ? {} : { aim, reached: judged <= aim.atMost }),
    load: [loadBefore, currentLoad()],
  }
}

export const currentLoad = (): number => loadavg()[0] ?? 0
