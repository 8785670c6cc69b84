import { execute, srouter } from '../executable/process.ts'
import { between, hasAddress, secondsToLastWrong } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'
import { command, type Told } from './command.ts'
import { atHome, failed, type Pair } from './pair.ts'
import { answersSince, type Phase } from './takeover.ts'

/** The ways in which a region comes back, each from the death of all its parts. */
export const homecomings = ['srouter first', 'ExternalDNS first', 'ExternalDNS behind the gate'] as const
export type Homecoming = (typeof homecomings)[number]

/** The region comes back, and everything in it has had the time to do what it would: what was answered meanwhile. */
export const comeHome = async (pair: Pair, how: Homecoming): Promise<Phase> => {
  const { weu, neu, sampler } = pair
  const from = sampler.mark()
  await weu.start('etcd', 'apiserver', 'controllerManager')
  if (how === 'srouter first') {
    await weu.start('daemon')
    await yielded(pair)
    await weu.start('dns')
  } else if (how === 'ExternalDNS first') {
    await weu.start('dns')
    await weu.cycle()
    await weu.start('daemon')
    await yielded(pair)
  } else {
    const routes = weu.instances.filter(({ kind }) => kind === 'routes')
    const gated = weu.instances.filter(({ kind }) => kind !== 'routes')
    for (const each of routes) await each.restart()
    const gate = execute(srouter(), ['gate', '--timeout', '2m', '--kubeconfig', weu.kubeconfig])
    await weu.start('daemon')
    const { code, err } = await gate
    if (code !== 0) throw new Error(`the gate ended with ${code}: ${err}`)
    for (const each of gated) await each.restart()
  }
  await weu.cycle()
  await neu.cycle()
  return answersSince(pair, from)
}

/** The home cluster says that it has yielded. */
const yielded = async ({ weu }: Pair): Promise<void> => {
  const ref = {
    apiVersion: 'cluster.router.io/v1alpha1',
    kind: 'ClusterIdentity',
    name: 'cluster-identity',
  }
  await waitFor(
    async () => {
      const found = await weu.plane.read<{ status?: { yielded?: { holder?: string } } }>(ref)
      return found?.status?.yielded?.holder === 'aks01-neu'
    },
    { what: 'weu to yield', timeoutMs: 60_000 },
  )
}

/** What a release took. */
export interface Release {
  readonly told: Told
  /** From the command to the last answer that led to the stand-in. */
  readonly seconds: number
  readonly asked: number
  /** Answers without an address; of names that should have one. */
  readonly without: number
}

/** Hands back by hand, and waits until every zone gives the home addresses. */
export const release = async ({ neu, sampler }: Pair): Promise<Release> => {
  const told = await command(neu, 'failover', 'end', failed, '--auto-approve', '--wait')
  if (told.code !== 0) throw new Error(`it ended with ${told.code}:\n${told.out}${told.err}`)
  await sampler.shows(atHome, 'the addresses of weu in every zone')
  const samples = between(sampler.samples, told.began).filter(
    ({ zone, name }) => atHome(zone, name) !== undefined,
  )
  return {
    told,
    seconds: secondsToLastWrong(sampler.samples, told.began, atHome),
    asked: samples.length,
    without: samples.filter(({ answer }) => !hasAddress(answer)).length,
  }
}
