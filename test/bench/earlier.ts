/** What the earlier Go operator took for the same, measured once on two such cores. */
export const earlier = {
  cold: {
    2000: { wallMs: 31_000, cpuMs: 7_600, peakMB: 73 },
    10000: { wallMs: 102_000, cpuMs: 40_000, peakMB: 193 },
  } as Readonly<Record<number, { readonly wallMs: number; readonly cpuMs: number; readonly peakMB: number }>>,
  newPostfix: { 2000: 28_000 } as Readonly<Record<number, number>>,
  /** Of 20, and it is not known how many routes there were. */
  newRoute: { medianMs: 12, worstMs: 8_900 },
} as const
