/** How much is measured, and how often. */
export interface Scale {
  /** Numbers of routes. */
  readonly sizes: readonly number[]
  readonly startUps: number
  readonly fileRuns: number
  readonly engineRuns: number
  /** Routes on a cluster, and how often they are applied cold. */
  readonly applied: number
  readonly applyRuns: number
  readonly planRuns: number
  /** Routes on the cluster whose peak memory is measured. */
  readonly large: number
  /** New routes for the daemon, one after the other. */
  readonly newRoutes: number
  readonly idleSeconds: number
  readonly churnMinutes: number
  readonly probeSeconds: number
  readonly automaticRuns: number
  /** Of ExternalDNS, in which a failover is measured. */
  readonly setUps: readonly ('split' | 'single')[]
  /** Of a failover with many; 0 for none. */
  readonly failoverRoutes: number
}

export const thorough: Scale = {
  sizes: [1000, 10_000, 100_000],
  startUps: 21,
  fileRuns: 5,
  engineRuns: 5,
  applied: 2000,
  applyRuns: 3,
  planRuns: 7,
  large: 10_000,
  newRoutes: 200,
  idleSeconds: 60,
  churnMinutes: 20,
  probeSeconds: 60,
  automaticRuns: 20,
  setUps: ['split', 'single'],
  failoverRoutes: 1000,
}

export const quick: Scale = {
  sizes: [1000, 10_000],
  startUps: 7,
  fileRuns: 3,
  engineRuns: 3,
  applied: 500,
  applyRuns: 1,
  planRuns: 3,
  large: 2000,
  newRoutes: 100,
  idleSeconds: 15,
  churnMinutes: 2,
  probeSeconds: 20,
  automaticRuns: 3,
  setUps: ['split'],
  failoverRoutes: 0,
}

/** What is being done, to whoever waits. */
export const say = (what: string): void => {
  console.error(`bench: ${what}`)
}
