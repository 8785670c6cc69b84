/** What the collector needs of the process. */
export interface Heap {
  /** Resident memory, in bytes. */
  readonly resident: () => number
  /** Collects everything, at once. */
  readonly collect: () => void
  /** In milliseconds, from any beginning. */
  readonly elapsed: () => number
}

/** So much more than after the last collection is worth one: this share, and at least so many bytes. */
const worth = { share: 0.15, bytes: 12e6 }
/** Of the time, collections may take one part in so many. */
const timeShare = 25

/**
 * Bun's collector lets the heap double before it looks, and what a daemon once had its process keeps. This one looks
 * earlier, as often as it costs little; where nothing happens, it does nothing.
 */
export const createCollector = ({ resident, collect, elapsed }: Heap): { readonly look: () => void } => {
  let floor = 0
  let next = 0
  return {
    look: () => {
      const now = elapsed()
      if (now < next || resident() < floor + Math.max(worth.bytes, worth.share * floor)) return
      collect()
      const ended = elapsed()
      next = ended + timeShare * (ended - now)
      floor = resident()
    },
  }
}

const everyMs = 200

/** Looks after this process's memory, again and again and when asked to. */
export const startCollector = (): { readonly look: () => void; readonly stop: () => void } => {
  const { look } = createCollector({
    resident: process.memoryUsage.rss,
    collect: () => Bun.gc(true),
    elapsed: () => performance.now(),
  })
  const timer = setInterval(look, everyMs)
  return { look, stop: () => clearInterval(timer) }
}
