/** Runs at most `most` of the given tasks at a time; the others wait in the order in which they came. */
export const limiter = (most: number): (<T>(task: () => Promise<T>) => Promise<T>) => {
  const waiting: (() => void)[] = []
  let running = 0
  return async task => {
    if (running < most) running++
    // Whoever finishes hands its place over instead of giving it up, so nobody can slip in between.
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
