/** More than the client lets through at once, so that its limit is what counts; fewer than all, to stop early. */
const workers = 64

/** Works on all items, many at a time, in their order. */
export const inParallel = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: Math.min(workers, items.length) }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}
