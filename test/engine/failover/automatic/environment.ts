/** What lives, and who reaches whom. Clusters and zones are named by their region. */
export interface Environment {
  /** Nothing of these clusters lives. */
  readonly dead: readonly string[]
  /** Their gateways answer nobody, and everything else lives. */
  readonly down: readonly string[]
  /** These reach themselves and their own zone; nobody else reaches either. */
  readonly isolated: readonly string[]
  /** `neu weu`: they do not reach each other's gateways. */
  readonly cut: readonly string[]
  /** `neu weu`: what neu asks of zone weu, or writes to it, gets no answer. */
  readonly silent: readonly string[]
}

export const healthy: Environment = { dead: [], down: [], isolated: [], cut: [], silent: [] }

/** Something that happens to the environment, or that people do. */
export interface Event {
  readonly name: string
  readonly change: (environment: Environment) => Environment
  /** What people do to `engage`. */
  readonly hand?: { readonly region: string; readonly peer: string; readonly engage: boolean }
  /** Whose process this ends or begins. */
  readonly process?: string
}

const isAmong = (list: readonly string[], ...names: readonly string[]): boolean =>
  list.includes(names.join(' '))
const pair = (a: string, b: string): string => [a, b].sort().join(' ')

export const lives = ({ dead }: Environment, region: string): boolean => !isAmong(dead, region)

export const reachesGateway = (environment: Environment, from: string, to: string): boolean =>
  lives(environment, to) &&
  !isAmong(environment.down, to) &&
  (from === to || (!areApart(environment, from, to) && !isAmong(environment.cut, pair(from, to))))

export const reachesZone = (environment: Environment, from: string, zone: string): boolean =>
  !isAmong(environment.silent, from, zone) && (from === zone || !areApart(environment, from, zone))

export const reachesWitness = ({ isolated }: Environment, from: string): boolean => !isAmong(isolated, from)

const areApart = ({ isolated }: Environment, a: string, b: string): boolean =>
  isAmong(isolated, a) || isAmong(isolated, b)

const without = (list: readonly string[], name: string): readonly string[] =>
  list.filter(each => each !== name)

const field = (name: string, key: 'dead' | 'down' | 'isolated', region: string, isOn: boolean): Event => ({
  name: `${name} ${region}`,
  change: environment => ({
    ...environment,
    [key]: isOn ? [...environment[key], region] : without(environment[key], region),
  }),
})

export const kill = (region: string): Event => ({ ...field('kill', 'dead', region, true), process: region })
export const revive = (region: string): Event => ({
  ...field('revive', 'dead', region, false),
  process: region,
})
export const down = (region: string): Event => field('down', 'down', region, true)
export const up = (region: string): Event => field('up', 'down', region, false)
export const isolate = (region: string): Event => field('isolate', 'isolated', region, true)
export const join = (region: string): Event => field('join', 'isolated', region, false)

/** They no longer reach each other's gateways, though both read the zones. */
export const cut = (a: string, b: string): Event => ({
  name: `cut ${a} ${b}`,
  change: environment => ({ ...environment, cut: [...environment.cut, pair(a, b)] }),
})

/** Neither gateways nor zones of each other. */
export const part = (a: string, b: string): Event => ({
  name: `part ${a} ${b}`,
  change: environment => ({
    ...environment,
    cut: [...environment.cut, pair(a, b)],
    silent: [...environment.silent, `${a} ${b}`, `${b} ${a}`],
  }),
})

/** A zone's servers say nothing to a cluster. */
export const hush = (region: string, zone: string): Event => ({
  name: `hush zone ${zone} to ${region}`,
  change: environment => ({ ...environment, silent: [...environment.silent, `${region} ${zone}`] }),
})

/** The network is whole again. */
export const heal: Event = {
  name: 'heal',
  change: environment => ({ ...environment, isolated: [], cut: [], silent: [] }),
}

export const byHand = (region: string, peer: string, engage: boolean): Event => ({
  name: `${engage ? 'start' : 'end'} ${peer} by hand in ${region}`,
  change: environment => environment,
  hand: { region, peer, engage },
})
