import type { Region } from '../lab/region.ts'
import { between, secondsToLastWrong, show, wrong } from '../lab/timeline.ts'
import { command, saidAt, type Told } from './command.ts'
import { failed, moved, type Pair } from './pair.ts'

/** What a failover took. */
export interface Takeover {
  readonly told: Told
  /** From the command to the last answer of a name server that led to the failed cluster. */
  readonly seconds: number
  /** Of these, until the command had written the stand-in records, because the claim was seen. */
  readonly claimSeconds: number
  /** The rest: until ExternalDNS had published them. */
  readonly recordSeconds: number
  /** How long a resolver may go on with an old answer. */
  readonly ttlSeconds: number
  /** DNSEndpoints created or changed. */
  readonly writes: number
}

/** Fails over by hand, and waits until every zone gives the other addresses. */
export const takeOver = async (pair: Pair, ...flags: readonly string[]): Promise<Takeover> => {
  const { neu, sampler, zones } = pair
  const before = await endpoints(neu)
  const told = await command(
    neu,
    ...['failover', 'start', failed, '--auto-approve', '--wait', '--reason', 'a test', ...flags],
  )
  if (told.code !== 0) throw new Error(`it ended with ${told.code}:\n${told.out}${told.err}`)
  await sampler.shows(moved, 'the addresses of neu in every zone')
  const seconds = secondsToLastWrong(sampler.samples, told.began, moved)
  const claimSeconds = saidAt(told, 'the stand-in records are written') ?? Number.NaN
  const record = (await zones[0]?.records())?.find(({ name }) => name.startsWith(`${failed}-internal`))
  return {
    told,
    seconds,
    claimSeconds,
    recordSeconds: seconds - claimSeconds,
    ttlSeconds: record?.ttl ?? Number.NaN,
    writes: changed(before, await endpoints(neu)),
  }
}

/** DNSEndpoints of a cluster, each with what changes when it is written. */
const endpoints = async ({ plane }: Region): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (
      await plane.list<{
        metadata: { namespace: string; name: string; uid: string; generation: number }
      }>('externaldns.k8s.io/v1alpha1', 'DNSEndpoint')
    ).map(({ metadata: { namespace, name, uid, generation } }) => [
      `${namespace}/${name}`,
      `${uid} ${generation}`,
    ]),
  )

const changed = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): number =>
  [...after].filter(([key, state]) => before.get(key) !== state).length +
  [...before.keys()].filter(key => !after.has(key)).length

/** What was answered while something happened that is to change no answer. */
export interface Phase {
  readonly asked: number
  readonly wrong: number
  /** The wrong ones, for people. */
  readonly shown: string
}

export const answersSince = ({ sampler }: Pair, from: number, expected = moved): Phase => {
  const samples = between(sampler.samples, from)
  const bad = wrong(samples, expected)
  return { asked: samples.length, wrong: bad.length, shown: show(bad.slice(0, 40), from) }
}
