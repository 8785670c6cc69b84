/**
 * What a zone said when it was asked for a name: its addresses, sorted and with commas between (`10.1.0.10,fd00::a`), or
 * one of these. `NXDOMAIN`: no such name, or none with an address, which Bun's resolver does not tell apart. `no answer`:
 * the server was not there, or too late, or refused.
 */
export type Answer = 'NXDOMAIN' | 'no answer' | (string & {})

export interface Sample {
  /** When it was asked, in milliseconds as Date.now() has them. */
  readonly time: number
  /** The region whose zone was asked. */
  readonly zone: string
  readonly name: string
  readonly answer: Answer
}

/** What should be answered; undefined where anything is right. */
export type Expected = (zone: string, name: string) => Answer | undefined

export const hasAddress = (answer: Answer): boolean => !['NXDOMAIN', 'no answer'].includes(answer)

/** The samples of a phase: from one time up to another, which is not in it. */
export const between = (
  samples: readonly Sample[],
  from: number,
  to = Number.POSITIVE_INFINITY,
): readonly Sample[] => samples.filter(({ time }) => time >= from && time < to)

/** The first of every zone and name, and each that differs from the one before it. */
export const changes = (samples: readonly Sample[]): readonly Sample[] => {
  const last = new Map<string, Answer>()
  return samples.filter(({ zone, name, answer }) => {
    const key = `${zone} ${name}`
    if (last.get(key) === answer) return false
    last.set(key, answer)
    return true
  })
}

/** Those that differ from the first of their zone and name. */
export const flips = (samples: readonly Sample[]): readonly Sample[] => {
  const seen = new Set<string>()
  return changes(samples).filter(({ zone, name }) => {
    const key = `${zone} ${name}`
    if (seen.has(key)) return true
    seen.add(key)
    return false
  })
}

export const wrong = (samples: readonly Sample[], expected: Expected): readonly Sample[] =>
  samples.filter(({ zone, name, answer }) => {
    const right = expected(zone, name)
    return right !== undefined && right !== answer
  })

/** How long after `mark` the last wrong answer was given, in seconds; 0 where all are right. */
export const secondsToLastWrong = (samples: readonly Sample[], mark: number, expected: Expected): number => {
  const last = wrong(between(samples, mark), expected).at(-1)
  return last === undefined ? 0 : (last.time - mark) / 1000
}

/** From 0 to 1; of no samples 0. */
export const shareWithoutAddress = (samples: readonly Sample[]): number =>
  samples.length === 0 ? 0 : samples.filter(({ answer }) => !hasAddress(answer)).length / samples.length

/** The seconds in which samples said so, each counting until the next of its zone and name. */
export const secondsOf = (samples: readonly Sample[], says: (sample: Sample) => boolean): number => {
  const open = new Map<string, number>()
  let sum = 0
  for (const sample of samples) {
    const key = `${sample.zone} ${sample.name}`
    const since = open.get(key)
    if (since !== undefined) sum += sample.time - since
    if (says(sample)) open.set(key, sample.time)
    else open.delete(key)
  }
  return sum / 1000
}

/** The times between samples of a zone, in milliseconds, sorted: how closely it was watched. */
export const gaps = (samples: readonly Sample[]): readonly number[] => {
  const last = new Map<string, number>()
  const found: number[] = []
  for (const { time, zone } of samples) {
    const before = last.get(zone)
    if (before !== undefined && before !== time) found.push(time - before)
    last.set(zone, time)
  }
  return found.sort((a, b) => a - b)
}

/** `+12.3 s  weu  api-ns-p-prod-app1  10.1.0.10`, for people and for error messages. */
export const show = (samples: readonly Sample[], start: number): string =>
  samples
    .map(
      ({ time, zone, name, answer }) =>
        `+${((time - start) / 1000).toFixed(1)} s  ${zone}  ${name}  ${answer}`,
    )
    .join('\n')
