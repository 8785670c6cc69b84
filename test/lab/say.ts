/** Progress goes to stderr: the results of `scripts/lab` are on stdout. */
export const say = (line: string): void => {
  process.stderr.write(`lab: ${line}\n`)
}

/** 61234 → `1 min 1 s`, 1234 → `1.2 s`. */
export const seconds = (milliseconds: number): string => {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`
  const whole = Math.round(milliseconds / 1000)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
