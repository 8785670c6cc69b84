/** More than the client lets through at once, so that its limit is what counts; fewer than all, to stop early. */
const workers = 64

/** Works on all items, many at a time, in their order; each is asked for when its turn has come. */
export const inParallel = async <T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> => {
  const queue = Iterator.from(items)
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}
