/** A rise over time, and between what it lies with 95 % confidence. */
export interface Slope {
  readonly rise: number
  readonly low: number
  readonly high: number
}

export interface Sample {
  readonly at: number
  readonly value: number
}

const blocks = 20
/** Student's t for 95 %, of as many degrees of freedom as there are blocks, less two. */
const confident = 2.101

/**
 * A line laid through the samples, by least squares. Memory at one moment is much like a moment before, so samples do not
 * count one by one, which would make the interval far too narrow: their means over twenty equal parts of the time do.
 */
export const slopeOf = (samples: readonly Sample[]): Slope => {
  const [first, last] = [samples[0]?.at ?? 0, samples.at(-1)?.at ?? 0]
  const length = (last - first) / blocks
  const means = Array.from({ length: blocks }, (_, block) => {
    const [from, to] = [first + block * length, first + (block + 1) * length]
    const inside = samples.filter(({ at }) => at >= from && (at < to || block === blocks - 1))
    return { at: (from + to) / 2, value: mean(inside.map(({ value }) => value)) }
  })
  const at = mean(means.map(point => point.at))
  const value = mean(means.map(point => point.value))
  const spread = sum(means.map(point => (point.at - at) ** 2))
  const rise = sum(means.map(point => (point.at - at) * (point.value - value))) / spread
  const left = sum(means.map(point => (point.value - value - rise * (point.at - at)) ** 2))
  const error = confident * Math.sqrt(left / (blocks - 2) / spread)
  return { rise, low: rise - error, high: rise + error }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
