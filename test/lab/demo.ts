import { srouter } from '../executable/process.ts'
import { startZone, type Zone } from './bind.ts'
import { type Region, startRegion } from './region.ts'
import { hostOf, identityIn, platformOf, tenant } from './region-manifests.ts'
import { type Sampler, startSampler } from './sampler.ts'
import { seconds } from './say.ts'
import { between, flips, hasAddress, secondsToLastWrong, shareWithoutAddress, show } from './timeline.ts'

/**
 * A regional failure, to be watched: two clusters, a zone for each region, the daemon and ExternalDNS as in production;
 * one region is killed, the other stands in for it, and hands back. Nothing is left behind, whatever happens.
 */

const domain = 'aks.example.com'
const cluster = 'aks01'
const addresses = { weu: '10.1.0.10', neu: '10.2.0.10' } as const
const failed = identityIn({ cluster, region: 'weu' })

const names = {
  'web, Active': hostOf('shop', 'web', domain),
  'pay, RegionBound to weu': hostOf('billing', 'pay', domain),
  'gateway of weu': `${failed}-internal.${domain}`,
  'gateway of neu': `${identityIn({ cluster, region: 'neu' })}-internal.${domain}`,
} as const

const apps = [
  ...tenant('shop', { mode: 'Active' }, 'web'),
  ...tenant('billing', { mode: 'RegionBound', sourceRegion: 'weu' }, 'pay'),
]

export const demo = async (): Promise<number> => {
  await using started = new AsyncDisposableStack()
  const began = Date.now()
  const step = (text: string): void => console.log(`\n[${seconds(Date.now() - began)}] ${text}`)

  step('Starting a name server for each region, and in each a cluster with srouter and ExternalDNS …')
  const zones: Zone[] = []
  for (const region of ['weu', 'neu']) zones.push(started.use(await startZone({ name: domain, region })))
  const sampler = started.use(startSampler({ zones, names: Object.values(names) }))
  const weu = started.use(await start('weu', zones))
  const neu = started.use(await start('neu', zones))
  const everywhere = (address: string) => (_: string, name: string) =>
    name === names['gateway of weu'] || name === names['pay, RegionBound to weu'] ? address : undefined
  await sampler.shows(() => undefined, 'the zones to answer')
  await sampler.shows(everywhere(addresses.weu), 'the addresses of weu in every zone', 90_000)
  await Promise.all([weu.cycle(), neu.cycle()])
  table(sampler, zones)

  step(`Killing region weu: srouter, ExternalDNS, API server and etcd of ${failed} …`)
  const killed = sampler.mark()
  await weu.kill()
  await neu.cycle()
  table(sampler, zones)
  console.log('  DNS knows nothing of it: every zone still leads to weu, which is dead.')

  step(`In the healthy cluster: srouter failover start ${failed}`)
  const engaged = sampler.mark()
  if (!(await failover('start', neu))) return 1
  await sampler.shows(everywhere(addresses.neu), 'the addresses of neu in every zone', 60_000)
  table(sampler, zones)
  const moved = secondsToLastWrong(sampler.samples, engaged, everywhere(addresses.neu))
  console.log(
    `  All traffic moved ${moved.toFixed(1)} s after the command. No route was written, only gateways.`,
  )
  withoutAddress(sampler, killed)

  step('Region weu comes back …')
  const returned = sampler.mark()
  await weu.start()
  await weu.cycle()
  await weu.cycle()
  table(sampler, zones)
  const changed = flips(between(sampler.samples, returned))
  console.log(
    changed.length === 0 ? '  No answer changed: it yields to its stand-in.' : show(changed, returned),
  )

  step(`In the healthy cluster: srouter failover end ${failed}`)
  const ended = sampler.mark()
  if (!(await failover('end', neu))) return 1
  await sampler.shows(everywhere(addresses.weu), 'the addresses of weu in every zone', 60_000)
  table(sampler, zones)
  const back = secondsToLastWrong(sampler.samples, ended, everywhere(addresses.weu))
  console.log(`  All traffic is back ${back.toFixed(1)} s after the command.`)
  withoutAddress(sampler, returned)

  step('Ending everything …')
  await started.disposeAsync()
  console.log(`\nDone in ${seconds(Date.now() - began)}.`)
  return changed.length === 0 ? 0 : 1
}

const start = (region: keyof typeof addresses, zones: readonly Zone[]): Promise<Region> => {
  const other = region === 'weu' ? 'neu' : 'weu'
  const options = { cluster, region, zones, setup: 'split' } as const
  const standIn = {
    standIns: [identityIn({ cluster, region: other })],
    standsInFor: [{ cluster, region: other }],
  }
  return startRegion({
    ...options,
    manifests: [...platformOf({ ...options, ...standIn, addresses: [addresses[region]] }), ...apps],
    daemonFlags: ['--interval', '5s'],
  })
}

/** What every zone answers now. */
const table = (sampler: Sampler, zones: readonly Zone[]): void => {
  const width = Math.max(...Object.keys(names).map(title => title.length))
  const heads = zones.map(({ region }) => `zone ${region}`.padEnd(14))
  console.log(`  ${''.padEnd(width)}  ${heads.join('').trimEnd()}`)
  for (const [title, name] of Object.entries(names)) {
    const answers = zones.map(({ region }) => (sampler.latest.get(`${region} ${name}`) ?? '').padEnd(14))
    console.log(`  ${title.padEnd(width)}  ${answers.join('').trimEnd()}`)
  }
}

const withoutAddress = (sampler: Sampler, from: number): void => {
  const samples = between(sampler.samples, from)
  const without = samples.filter(({ answer }) => !hasAddress(answer)).length
  console.log(
    `  Asked ${samples.length} times meanwhile; without an address ${without} times, ` +
      `${(100 * shareWithoutAddress(samples)).toFixed(1)} %.`,
  )
}

/** As a person gives it, with what it prints. */
const failover = async (verb: 'start' | 'end', { kubeconfig }: Region): Promise<boolean> => {
  const argv = ['failover', verb, failed, '--auto-approve', '--wait', '--reason', 'scripts/lab demo']
  const child = Bun.spawn([srouter(), ...argv, '--kubeconfig', kubeconfig], {
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  })
  const code = await child.exited
  if (code !== 0) console.log(`  srouter failover ${verb} ended with ${code}.`)
  return code === 0
}
