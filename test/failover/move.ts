import { expect } from 'bun:test'
import type { Zone } from '../lab/bind.ts'
import type { Manifest } from '../lab/client.ts'
import type { Ownership } from '../lab/external-dns-arguments.ts'
import type { Region } from '../lab/region.ts'
import { waitFor } from '../lab/wait.ts'
import { command, type Told } from './command.ts'
import { type Deployed, type Deployments, deploymentsOf } from './deployed.ts'
import { configurationOf, domain, failed, intervalSeconds, type Pair, startPair } from './pair.ts'

/** Two clusters on their way from another set-up of ExternalDNS to the split one, as a person leads them with "srouter adopt". */

export interface Origin {
  readonly name: string
  /** Of the instance that writes both, beside what is usual. */
  readonly ownership: (region: string) => Partial<Ownership>
  /** Those that DNSConfiguration is to have, as the old ones are in use. */
  readonly prefixes: { readonly txtPrefix: string; readonly gatewayTxtPrefix: string }
}

export const sides = ['weu', 'neu'] as const
export type Side = (typeof sides)[number]

/** What `srouter adopt --check` says. */
export interface Check {
  readonly code: number
  readonly text: string
  /** Of each zone. */
  readonly steps: readonly string[]
  readonly next: readonly {
    readonly message: string
    readonly command: string | null
    readonly arguments: readonly string[]
  }[]
  readonly dangers: readonly { readonly message: string; readonly hint: string }[]
}

export interface Move extends AsyncDisposable {
  readonly pair: Pair
  on(side: Side): Deployments
  check(side: Side): Promise<Check>
  /** Waits until every zone is at this step. */
  reaches(side: Side, step: string): Promise<void>
  /** Of every zone, without those of ownership. */
  records(): Promise<readonly string[]>
  prepare(side: Side): Promise<void>
  /** Lets the old instances write TXT records. */
  open(side: Side): Promise<void>
  /** `srouter adopt | kubectl apply -f -` */
  write(side: Side): Promise<void>
  /** Removes what "clear" names. */
  clear(side: Side): Promise<void>
  /** The instances of the split set-up for a zone. */
  split(zone: Zone): readonly Deployed[]
}

export const startMove = async (origin: Origin): Promise<Move> => {
  await using started = new AsyncDisposableStack()
  const pair = started.use(await startPair('single', { ownership: origin.ownership }))
  const deployments = new Map<Side, Deployments>()
  const on: Move['on'] = side => {
    const found = deployments.get(side)
    if (found === undefined) throw new Error(`${side} has not been started`)
    return found
  }
  const old = (side: Side, zone: Zone, more: Partial<Deployed> = {}): Deployed => ({
    name: `external-dns-${zone.region}`,
    kind: 'single',
    zone,
    ownership: origin.ownership(side),
    ...more,
  })
  for (const side of sides) {
    await pair[side].kill('dns')
    deployments.set(side, started.use(await deploymentsOf(pair[side], `${intervalSeconds}s`)))
    for (const zone of pair.zones) await on(side).run(old(side, zone))
  }
  // As a failover leaves it that has ended: the next one has to write it again.
  for (const zone of pair.zones) await zone.update(...endedClaim(origin, zone))
  const check: Move['check'] = side => checkOf(pair[side])
  const ends = started.move()
  return {
    pair,
    on,
    check,
    reaches: async (side, step) => {
      let seen: Check | undefined
      await waitFor(
        async () => {
          seen = await check(side)
          return seen.steps.every(each => each === step)
        },
        { what: `${side} to be at "${step}"`, timeoutMs: 60_000 },
      ).catch(thrown => {
        throw new Error(`${thrown instanceof Error ? thrown.message : thrown}\n${seen?.text}`)
      })
    },
    records: async () => (await Promise.all(pair.zones.map(recordsOf))).flat(),
    prepare: async side => {
      await pair[side].apply(configured(pair, origin))
    },
    open: async side => {
      for (const zone of pair.zones)
        await on(side).run(old(side, zone, { arguments: ['--managed-record-types=TXT'] }))
    },
    write: async side => {
      const told = await command(pair[side], 'adopt')
      if (told.code !== 0) throw new Error(`it ended with ${told.code}: ${told.err}`)
      await pair[side].plane.applyManifests(told.out)
    },
    clear: async side => {
      for (const each of (await check(side)).next) await clear(pair[side], each.command ?? '')
    },
    split: zone =>
      (['routes', 'gateways'] as const).map(kind => ({
        name: `external-dns-${zone.region}-${kind}`,
        kind,
        zone,
        ownership: {
          txtPrefix: kind === 'routes' ? origin.prefixes.txtPrefix : origin.prefixes.gatewayTxtPrefix,
        },
      })),
    [Symbol.asyncDispose]: () => ends.disposeAsync(),
  }
}

const checkOf = async (region: Region): Promise<Check> => {
  const told = await command(region, 'adopt', '--check', '-o', 'json')
  const { zones } = parsed(told) as {
    zones: { step: string; next: Check['next']; dangers: Check['dangers'] }[]
  }
  return {
    code: told.code,
    text: told.out,
    steps: zones.map(({ step }) => step),
    next: zones.flatMap(({ next }) => next),
    dangers: zones.flatMap(({ dangers }) => dangers),
  }
}

const parsed = ({ out, err, code }: Told): unknown => {
  try {
    return JSON.parse(out)
  } catch {
    throw new Error(`it ended with ${code} and no JSON:\n${out}${err}`)
  }
}

const recordsOf = async (zone: Zone): Promise<readonly string[]> =>
  (await zone.records())
    .filter(({ type }) => type !== 'TXT')
    .map(({ name, type, data }) => `${zone.region} ${name} ${type} ${data}`)

/** `kubectl delete dnsendpoints --all-namespaces -l LABELS` */
const clear = async ({ plane }: Region, line: string): Promise<void> => {
  const selector = / -l (\S+)$/.exec(line)?.[1] ?? ''
  expect(line).toBe(`kubectl delete dnsendpoints --all-namespaces -l ${selector}`)
  const wanted = selector.split(',').map(part => part.split('='))
  const [apiVersion, kind] = ['externaldns.k8s.io/v1alpha1', 'DNSEndpoint']
  const found = (await plane.list(apiVersion, kind)).filter(({ metadata: { labels = {} } }) =>
    wanted.every(([key = '', value]) => labels[key] === value),
  )
  expect(found.length).toBeGreaterThan(0)
  for (const { metadata } of found)
    await plane.remove({ apiVersion, kind, namespace: metadata.namespace ?? '', name: metadata.name })
}

/** The DNSConfiguration with the new prefixes. */
const configured = (pair: Pair, { prefixes }: Origin): Manifest => {
  const configuration = configurationOf(pair) as Manifest
  const { externalDNSControllers } = configuration.spec as { externalDNSControllers: object[] }
  return {
    ...configuration,
    spec: {
      externalDNSControllers: externalDNSControllers.map(controller => ({ ...controller, ...prefixes })),
    },
  }
}

/** The records of a claim on weu that has been released, as the old instance of neu has written them. */
const endedClaim = ({ ownership }: Origin, { region }: Zone): readonly string[] => {
  const { ownerId = `zone-${region}`, txtPrefix = 'sr-' } = ownership('neu')
  const name = `srouter-claim-${failed}.${domain}`
  return [
    `update add ${name} 60 CNAME released-e1.aks01-neu.srouter-claim.${domain}`,
    `update add ${txtPrefix}cname-${name} 60 TXT "heritage=external-dns,external-dns/owner=${ownerId}"`,
  ]
}
