import { failoverFinalizer, label } from '../../../src/api/labels.ts'
import type { KubeObject } from '../../../src/api/object.ts'
import { questionKey } from '../../../src/api/questions.ts'
import { endpointsOf } from '../../../src/engine/current.ts'
import type { Reconciliation } from '../../../src/engine/engine.ts'
import type { Answer, Answers } from '../../../src/engine/failover/answers.ts'
import type { ProbeReports } from '../../../src/engine/failover/automatic/report.ts'
import { inquiryOf } from '../../../src/engine/failover/questions.ts'
import { defaultSettings } from '../../../src/engine/snapshot.ts'
import { applied, configuration, gateway, identity, object, run, service, withStatuses } from '../build.ts'

/**
 * Clusters and zones in memory: the engine as it is, with ExternalDNS and name servers that do what the real ones were
 * measured to do. Time stands still unless it is moved. What happens on the real parts is in test/failover.
 */

export type Zone = Map<string, readonly string[]>

export interface Cluster {
  readonly name: string
  inputs: readonly KubeObject[]
  current: readonly KubeObject[]
}

export interface Model {
  readonly zones: ReadonlyMap<string, Zone>
  /** Zones whose name server says nothing. */
  readonly silent: Set<string>
  now: number
}

const domain = 'aks.example.com'

export const model = (...regions: readonly string[]): Model => ({
  zones: new Map(regions.map(region => [region, new Map()])),
  silent: new Set(),
  now: 1_700_000_000_000,
})

const nameserver = (region: string, regions: readonly string[]): string =>
  `127.0.0.1:${5301 + regions.indexOf(region)}`

/** A cluster `aks01-{region}` with one gateway, its own address, and whoever may stand in for it. */
export const cluster = (
  { zones }: Model,
  region: string,
  ip: string,
  { standIns = [], standsInFor = [] }: { standIns?: readonly string[]; standsInFor?: readonly string[] } = {},
): Cluster => {
  const regions = [...zones.keys()]
  return {
    name: `aks01-${region}`,
    inputs: [
      identity({ region, ...(standIns.length === 0 ? {} : { standIns }) }),
      configuration({
        externalDNSControllers: regions.map(each => ({
          name: `external-dns-${each}`,
          region: each,
          nameservers: [nameserver(each, regions)],
        })),
      }),
      gateway(),
      service(
        'internal',
        ip.split(',').map(each => ({ ip: each })),
      ),
      ...standsInFor.map(peer => failover(peer)),
    ],
    current: [],
  }
}

export const failover = (peer: string, spec: object = {}, meta: object = {}): KubeObject =>
  object(
    'cluster.router.io/v1alpha1',
    'RegionFailover',
    { name: peer, ...meta },
    {
      spec: { cluster: peer.slice(0, peer.indexOf('-')), region: peer.slice(peer.indexOf('-') + 1), ...spec },
    },
  )

/** Edits the resource of a kind and name. */
export const edit = (cluster: Cluster, kind: string, change: (object: KubeObject) => KubeObject): void => {
  cluster.inputs = cluster.inputs.map(each => (each.kind === kind ? change(each) : each))
}

export const engage = (cluster: Cluster, value = true): void =>
  edit(cluster, 'RegionFailover', each => ({ ...each, spec: { ...(each.spec as object), engage: value } }))

/** One pass of srouter: asks the zones, decides, writes objects, statuses and finalizers. */
export const pass = (
  model: Model,
  cluster: Cluster,
  isAsked: (name: string) => boolean = () => true,
  probes?: ProbeReports,
): Reconciliation => {
  const now = new Date(model.now).toISOString().replace(/\.\d+/, '')
  const settings = { ...defaultSettings, now, probes }
  const { questions } = inquiryOf(cluster.inputs, cluster.current, settings)
  const answers: Answers = new Map(
    questions
      .filter(({ name }) => isAsked(name))
      .map((question): readonly [string, Answer] => {
        const targets = model.zones.get(question.zone)?.get(`${question.name} ${question.type}`)
        if (model.silent.has(question.zone))
          return [questionKey(question), { state: 'silent', why: 'it does not answer' }]
        return [
          questionKey(question),
          targets === undefined ? { state: 'absent' } : { state: 'found', targets },
        ]
      }),
  )
  const result = run(cluster.inputs, cluster.current, { ...settings, answers })
  cluster.current = applied(result, cluster.current)
  const finalizers = new Map(
    result.finalizers.map(({ subject, action }) => [subject, action === 'add' ? [failoverFinalizer] : []]),
  )
  const written = withStatuses(cluster.inputs, result)
  cluster.inputs = cluster.inputs.flatMap((input, index) => {
    const next = written[index] ?? input
    const changed = finalizers.get(input)
    const metadata = changed === undefined ? next.metadata : { ...next.metadata, finalizers: changed }
    const isGone = metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0
    return isGone ? [] : [{ ...next, metadata }]
  })
  const names = new Set(cluster.inputs.map(({ kind, metadata }) => `${kind}/${metadata.name}`))
  // The garbage collector.
  cluster.current = cluster.current.filter(each => {
    const peer = each.metadata.labels?.[label.regionFailover]
    const isOwned = /^(srouter-claim|stand-in)-/.test(each.metadata.name)
    return !isOwned || peer === undefined || peer === cluster.name || names.has(`RegionFailover/${peer}`)
  })
  return result
}

/** One cycle of a cluster's instances for gateways, in every zone that lives: upsert-only, and never another type. */
export const externalDNS = (model: Model, cluster: Cluster): void => {
  cluster.current = cluster.current.map(each => ({
    ...each,
    metadata: { ...each.metadata, generation: 1 },
    status: { observedGeneration: 1 },
  }))
  for (const [region, zone] of model.zones) {
    if (model.silent.has(region)) continue
    for (const each of cluster.current) {
      if (each.metadata.labels?.[label.region] !== region) continue
      for (const { dnsName, recordType, targets } of endpointsOf(each)) {
        const isCname = zone.has(`${dnsName} CNAME`)
        const isOther = zone.has(`${dnsName} A`) || zone.has(`${dnsName} AAAA`)
        if (recordType === 'CNAME' ? isOther : isCname) continue
        zone.set(`${dnsName} ${recordType}`, [...targets])
      }
    }
  }
}

/** Everything that lives does its work until nothing changes. */
export const settle = (model: Model, ...clusters: readonly Cluster[]): void => {
  for (let round = 0; round < 20; round++) {
    const before = picture(model, clusters)
    for (const each of clusters) {
      pass(model, each)
      externalDNS(model, each)
    }
    if (picture(model, clusters) === before) return
  }
  throw new Error('it does not settle')
}

const picture = (model: Model, clusters: readonly Cluster[]): string =>
  JSON.stringify([[...model.zones].map(([name, zone]) => [name, [...zone]]), clusters])

/** What a client gets for a cluster's gateway, by zone: `weu 10.1.0.1`. */
export const answers = (model: Model, peer: string, type: 'A' | 'AAAA' = 'A'): readonly string[] =>
  [...model.zones].map(
    ([region, zone]) =>
      `${region} ${(zone.get(`${peer}-internal.${domain} ${type}`) ?? ['nothing']).join(' ')}`,
  )

/** What the claim on a cluster says, by zone. */
export const claims = (model: Model, peer: string): readonly string[] =>
  [...model.zones].map(
    ([region, zone]) =>
      `${region} ${(zone.get(`srouter-claim-${peer}.${domain} CNAME`) ?? ['nothing'])[0]?.replace(`.srouter-claim.${domain}`, '')}`,
  )

export const stateOf = (cluster: Cluster, kind = 'RegionFailover'): string | undefined =>
  (cluster.inputs.find(each => each.kind === kind)?.status as { state?: string } | undefined)?.state

export const conditionOf = (cluster: Cluster, kind: string, type: string): string | undefined => {
  const status = cluster.inputs.find(each => each.kind === kind)?.status as
    | { conditions?: readonly { type: string; status: string; reason: string }[] }
    | undefined
  const found = status?.conditions?.find(condition => condition.type === type)
  return found === undefined ? undefined : `${found.status} ${found.reason}`
}
