import { isRedirected, type StandInName } from '../../engine/failover/redirected.ts'

/** What zones have answered since the stand-in records were written. */
export interface Redirection {
  readonly note: (names: readonly StandInName[]) => void
  /** Whether each of these names has been redirected, at one time or another; those that nobody answers for do not count. */
  readonly isComplete: (names: readonly StandInName[]) => boolean
  /** Zones that went back: something else still publishes there. */
  readonly contended: () => readonly string[]
}

/**
 * | was redirected | the zone answers       | so                                   |
 * | -------------- | ---------------------- | ------------------------------------ |
 * | no             | other addresses        | ExternalDNS has not come to it yet   |
 * | no             | this cluster's         | redirected                           |
 * | yes            | other addresses        | contended                            |
 * | either         | nothing                | as before                            |
 *
 * Contended zones change by turns, each in its own time: to wait until all are redirected at once may be for ever.
 */
export const createRedirection = (): Redirection => {
  const redirected = new Set<string>()
  const contended = new Set<string>()
  return {
    note: names => {
      for (const name of names)
        if (isRedirected(name)) redirected.add(keyOf(name))
        else if (name.there !== undefined && redirected.has(keyOf(name))) contended.add(name.zone)
    },
    isComplete: names => names.every(name => name.there === undefined || redirected.has(keyOf(name))),
    contended: () => [...contended].sort(),
  }
}

const keyOf = ({ zone, name }: StandInName): string => `${zone} ${name}`
