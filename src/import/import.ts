import { DNSEndpoint } from '../api/kinds.ts'
import { adoptManagedByValue, label } from '../api/labels.ts'
import { groupOf, type KubeObject } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import { endpointsOf, indexCurrent } from '../engine/current.ts'
import { decode } from '../engine/decode.ts'
import type { Finding } from '../engine/finding.ts'
import { buildWorld, type World } from '../engine/world.ts'
import { gatewaysFor } from './gateways.ts'
import { identityOf } from './identity.ts'
import { isIstioGateway } from './ingress.ts'
import { servedInstead } from './istio.ts'
import { type Merged, mergeOriginals } from './merged.ts'
import { additions, controlledBy, controllerNotes, ttlNotes } from './notes.ts'
import { malformed, type Original, originalsOf } from './original.ts'
import { platformFor } from './platform.ts'
import { afterwards, isSame, prove } from './proof.ts'
import type { Proposed } from './proposal.ts'
import type { Imports, Told } from './request.ts'
import { routesFor } from './routes.ts'
import { sortOriginals } from './sorted.ts'
import { ttlsOf } from './ttls.ts'
import { unproven } from './unproven.ts'
import { type KnownControllers, writersOf } from './writers.ts'
import { zoningOf } from './zoning.ts'

export interface ImportedRecord extends Pick<Merged, 'writer' | 'name' | 'type' | 'ttl' | 'targets'> {
  readonly reproduced: boolean
}

export interface Imported {
  /** In the order in which they depend on each other. */
  readonly proposal: readonly Proposed[]
  readonly findings: readonly Finding[]
  /** Every record that was made by hand and whose zone is known. */
  readonly records: readonly ImportedRecord[]
  /** Of what there is by hand, what can go once the proposal is applied. */
  readonly replaced: readonly KubeObject[]
  readonly handMade: Counts
  /** srouter's own, which were passed over. */
  readonly owned: Counts
}

export interface Counts {
  readonly dnsEndpoints: number
  readonly istioGateways: number
}

/**
 * Router resources that come to exactly the records of DNSEndpoints that were made by hand. The engine is asked what
 * they come to, and what is not the same is left out and said.
 */
export const importRecords = (imports: Imports, told: Told): Imported => {
  const { inputs, current, settings } = imports
  const world = buildWorld(decode(inputs, new Set()), indexCurrent(current), settings)
  const foreign = current.filter(isHandMade)
  const handMade = foreign.filter(isDNSEndpoint)
  const read = readAll(handMade, world, told)
  const nothing = {
    proposal: [],
    replaced: [],
    handMade: countsOf(foreign),
    owned: countsOf(current.filter(object => !isHandMade(object))),
  }
  const identity = identityOf(read.originals, world, told)
  const records = mergeOriginals(read.originals)
  if (identity.state === 'unknown')
    return {
      ...nothing,
      findings: read.originals.length === 0 ? read.findings : [identity.finding, ...read.findings],
      records: records.map(record => ({ ...record, reproduced: false })),
    }
  const { spec, why } = identity
  const sorted = sortOriginals(records, spec)
  const ttls = ttlsOf(sorted, world)
  const zoning = zoningOf(sorted, spec, why !== undefined, world, told)
  const derivable = { ...sorted, hosts: zoning.hosts }
  const gateways = gatewaysFor(derivable, { world, current, told, ttls })
  const routes = routesFor(zoning.hosts, gateways, spec, world, told)
  const byKey = new Map(records.map(record => [record.key, record]))
  const proven = prove(
    {
      platform: platformFor(spec, why, zoning, ttls, world),
      gateways: [...gateways.bundles.values()].flatMap(bundle =>
        'reason' in bundle ? [] : bundle.proposals,
      ),
      policies: zoning.policies,
      routes,
      waiting: new Set(world.routes.map(({ namespace }) => namespace)),
    },
    byKey,
    imports,
  )
  const isReproduced = (record: Merged): boolean => isSame(record, proven.after.get(record.key))
  const istio = servedInstead(current, proven.plan)
  const replaced = [...wholly(read.originals, records.filter(isReproduced)), ...istio.replaced]
  const proposal = records.some(isReproduced) ? proven.proposal : []
  return {
    ...nothing,
    proposal,
    findings: [
      ...read.findings,
      ...sorted.findings,
      ...zoning.findings,
      ...unproven(derivable, { gateways, routes, proven }, isReproduced),
      ...ttlNotes(records, proven.after),
      ...additions(byKey, afterwards(proposal, new Set(replaced), imports)),
      ...istio.findings,
      ...controllerNotes(replaced),
    ],
    records: records.map(record => ({ ...record, reproduced: isReproduced(record) })),
    replaced: replaced.filter(object => controlledBy(object) === undefined),
  }
}

/** Neither is what "srouter adopt" prints, which its user has applied. */
const isHandMade = (object: KubeObject): boolean =>
  !isOurs(object) && object.metadata.labels?.[label.managedBy] !== adoptManagedByValue

const isDNSEndpoint = (object: KubeObject): boolean =>
  object.kind === DNSEndpoint.kind && groupOf(object.apiVersion) === DNSEndpoint.group

const countsOf = (objects: readonly KubeObject[]): Counts => ({
  dnsEndpoints: objects.filter(isDNSEndpoint).length,
  istioGateways: objects.filter(isIstioGateway).length,
})

const readAll = (
  objects: readonly KubeObject[],
  world: World,
  told: Told,
): { readonly originals: readonly Original[]; readonly findings: readonly Finding[] } => {
  const writerOf = writersOf(objects, knownControllers(world, told))
  const originals: Original[] = []
  const findings: Finding[] = []
  for (const object of objects) {
    findings.push(...malformed(object))
    const answer = writerOf(object)
    if ('problem' in answer) findings.push(answer.problem)
    else originals.push(...originalsOf(object, answer.writer))
  }
  return { originals, findings }
}

const knownControllers = ({ configuration, controllers }: World, told: Told): KnownControllers => ({
  controllers: configuration.state === 'one' ? controllers : told.controllers,
  isComplete: configuration.state === 'one',
  controllerLabel: told.controllerLabel,
})

/** The DNSEndpoints of which every record is made. */
const wholly = (originals: readonly Original[], made: readonly Merged[]): readonly KubeObject[] => {
  const remade = new Set(made.flatMap(({ from }) => from))
  return [...Map.groupBy(originals, ({ object }) => object)].flatMap(([object, of]) =>
    of.length === listedIn(object) && of.every(original => remade.has(original)) ? [object] : [],
  )
}

const listedIn = (object: KubeObject): number =>
  malformed(object).length === 0 ? endpointsOf(object).length : Number.NaN
