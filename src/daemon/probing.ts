import { type ProbeSpec, portOf } from '../api/probe.ts'
import type { RegionFailoverStatus } from '../api/region-failover.ts'
import {
  answersMeanwhile,
  type Health,
  type Round,
  servesMeanwhile,
  unknownHealth,
  withRound,
} from '../engine/failover/automatic/health.ts'
import type { Timing } from '../kube/index.ts'
import { timestamp } from '../lib/timestamp.ts'
import { type ProbeOutcome, type ProbeTarget, probe } from '../probe/probe.ts'
import { type ProbeRound, type ProbeRow, startRounds } from '../probe/rounds.ts'

/** Whose gateways are probed: the cluster's that may be stood in for, this one's own, or a witness. */
export type ProbeRole = 'peer' | 'own' | 'witness'

/** What is probed for one RegionFailover. */
export interface Probed {
  /** `{cluster}-{region}`. */
  readonly peer: string
  readonly probe: ProbeSpec
  readonly peerAddresses: readonly string[]
  /** Empty where nothing is decided by it. */
  readonly ownAddresses: readonly string[]
  readonly witnesses: readonly ProbeSpec[]
}

/** What was found out of one address. */
export interface Sample {
  readonly peer: string
  readonly role: ProbeRole
  readonly address: string
  readonly outcome: ProbeOutcome
}

export interface Probing {
  /** What is to be probed from now on. */
  set(probed: readonly Probed[]): void
  health(peer: string): Health
  /** Whether a witness, or a gateway of this cluster, answers while the peer does not. */
  answersMeanwhile(peer: string, role: 'own' | 'witness'): boolean
  /** As the status says it. */
  report(peer: string): NonNullable<RegionFailoverStatus['probe']>
  /** The last outcome of every address. */
  samples(): readonly Sample[]
  /** Resolves when nothing is in flight. */
  stop(): Promise<void>
}

export interface ProbingOptions {
  readonly timing: Timing
  /** After each round. */
  readonly onRound: (peer: string) => void
  readonly startRounds?: typeof startRounds
}

interface Row extends ProbeRow {
  readonly peer: string
  readonly role: ProbeRole
  readonly spec: ProbeSpec
}

interface Known {
  readonly row: Row
  health: Health
  outcomes: ReadonlyMap<string, ProbeOutcome>
  word: string
  since: number
}

export const createProbing = ({ timing, onRound, ...options }: ProbingOptions): Probing => {
  let known: ReadonlyMap<string, Known> = new Map()

  const take = ({ key, beganMs, endedMs, outcomes }: ProbeRound): void => {
    const entry = known.get(key)
    if (entry === undefined) return
    entry.outcomes = outcomes
    const learned = [...outcomes.values()].filter(outcome => !isStalled(outcome, entry.row.spec))
    // Where one gateway of several still answers it is not the region that has failed.
    const round: Round = { beganMs, endedMs, answers: learned.some(({ ok }) => ok) }
    if (learned.length > 0) entry.health = withRound(entry.health, round, entry.row.spec)
    const word = wordOf(entry.health)
    if (word !== entry.word) Object.assign(entry, { word, since: timing.now() })
    onRound(entry.row.peer)
  }
  const rounds = (options.startRounds ?? startRounds)({ timing, probe, onRound: take })

  const of = (peer: string, role: ProbeRole): readonly Known[] =>
    [...known.values()].filter(({ row }) => row.peer === peer && row.role === role)

  return {
    set: probed => {
      const rows = probed.flatMap(rowsOf)
      const next = rows.map((row): [string, Known] => {
        const before = known.get(row.key)
        // Other addresses are the same gateways at another place, and so is a peer that was down.
        if (before !== undefined && sameProbe(before.row, row)) return [row.key, { ...before, row }]
        return [
          row.key,
          { row, health: unknownHealth, outcomes: new Map(), word: 'Unknown', since: timing.now() },
        ]
      })
      known = new Map(next)
      rounds.set(rows)
    },
    health: peer => of(peer, 'peer')[0]?.health ?? unknownHealth,
    answersMeanwhile: (peer, role) => {
      const peerHealth = of(peer, 'peer')[0]?.health ?? unknownHealth
      const answers = role === 'own' ? servesMeanwhile : answersMeanwhile
      return of(peer, role).some(({ health }) => answers(health, peerHealth))
    },
    report: peer => {
      const entry = of(peer, 'peer')[0]
      if (entry === undefined) return { state: 'Unknown' }
      return {
        state: entry.word,
        since: timestamp(entry.since),
        addresses: entry.row.addresses.map(address => asStatus(address, entry.outcomes.get(address))),
      }
    },
    samples: () =>
      [...known.values()].flatMap(({ row: { peer, role, addresses }, outcomes }) =>
        addresses.flatMap(address => {
          const outcome = outcomes.get(address)
          return outcome === undefined ? [] : { peer, role, address, outcome }
        }),
      ),
    stop: async () => {
      known = new Map()
      await rounds.stop()
    },
  }
}

/** Far more than a probe may take: this process did not get to run, and learned nothing of the other side. */
const stalledMs = 2_000
const isStalled = (outcome: ProbeOutcome, { timeoutSeconds }: ProbeSpec): boolean =>
  !outcome.ok && outcome.milliseconds > timeoutSeconds * 1000 + stalledMs

const asStatus = (address: string, outcome: ProbeOutcome | undefined) =>
  outcome === undefined
    ? { address }
    : outcome.ok
      ? { address, answers: true }
      : { address, answers: false, message: outcome.message }

const wordOf = ({ state, failures }: Health): string => (state === 'Up' && failures > 0 ? 'Failing' : state)

const rowsOf = ({ peer, probe, peerAddresses, ownAddresses, witnesses }: Probed): readonly Row[] => [
  rowOf(peer, 'peer', probe, peerAddresses),
  ...(ownAddresses.length === 0 ? [] : [rowOf(peer, 'own', probe, ownAddresses)]),
  ...witnesses.map((witness, index) => rowOf(peer, 'witness', witness, [witness.host ?? ''], index)),
]

const rowOf = (
  peer: string,
  role: ProbeRole,
  spec: ProbeSpec,
  addresses: readonly string[],
  index = 0,
): Row => ({
  key: `${peer} ${role} ${index}`,
  peer,
  role,
  spec,
  addresses,
  target: targetOf(spec),
  intervalSeconds: spec.intervalSeconds,
})

const targetOf = (spec: ProbeSpec): ProbeTarget => ({
  scheme: spec.scheme,
  port: portOf(spec),
  path: spec.path,
  timeoutSeconds: spec.timeoutSeconds,
  ...(spec.host === undefined ? {} : { host: spec.host }),
  ...(spec.caBundle === undefined ? {} : { caBundle: spec.caBundle }),
})

const sameProbe = (a: Row, b: Row): boolean => JSON.stringify(a.spec) === JSON.stringify(b.spec)
