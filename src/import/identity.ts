import * as v from 'valibot'
import { type ClusterIdentitySpec, clusterIdentitySpec } from '../api/cluster-identity.ts'
import type { Finding } from '../engine/finding.ts'
import type { World } from '../engine/world.ts'
import { letterIn } from './host.ts'
import { publishedBy } from './load-balancers.ts'
import type { Original } from './original.ts'
import type { Told } from './request.ts'
import { type Verdict, Votes } from './votes.ts'

export type IdentityAnswer =
  | {
      readonly state: 'known'
      readonly spec: ClusterIdentitySpec
      /** Why it is so; undefined where the ClusterIdentity is there already. */
      readonly why: readonly string[] | undefined
    }
  | { readonly state: 'unknown'; readonly finding: Finding }

/** Which cluster it is that the records belong to: as its ClusterIdentity says, as was told, or as the records show. */
export const identityOf = (originals: readonly Original[], world: World, told: Told): IdentityAnswer => {
  const { state } = world.configuration
  if (state === 'several' || state === 'invalid')
    return unknown(
      'the DNSConfiguration is invalid, or there are several, so the zones are unknown',
      'see to it that there is one that "srouter validate" accepts',
    )
  if (state === 'one' && told.controllers.length > 0)
    return unknown(
      'the DNSConfiguration names the controllers, and so does the command line',
      'leave --controller out, or add the controller to the DNSConfiguration',
    )
  if (world.identity.state === 'one') return existing(world.identity.spec, told)
  if (world.identity.state !== 'none')
    return unknown(
      'the ClusterIdentity is invalid, or there are several',
      'see to it that there is one that "srouter validate" accepts',
    )
  const cnames = originals.filter(({ type, targets }) => type === 'CNAME' && targets.length === 1)
  const domain = told.domain ?? decided(domainVotes(cnames).verdict())
  if (typeof domain !== 'string') return unclear('domain', 'the domain', domain)
  const inDomain = cnames.filter(({ name }) => name.endsWith(`.${domain}`))
  const letter = told.environmentLetter ?? decided(letterVotes(inDomain).verdict())
  if (typeof letter !== 'string') return unclear('environment-letter', 'the environment letter', letter)
  const place = placeOf(originals, domain, world, told)
  if ('problem' in place)
    return unclear('region and --cluster', 'the region and the name of the cluster', place.problem)
  const spec = { region: place.region, cluster: place.cluster, domain, environmentLetter: letter }
  if (!v.is(clusterIdentitySpec, spec))
    return unknown(
      `region ${spec.region}, cluster ${spec.cluster}, domain ${domain} and letter ${letter} make no legal ClusterIdentity`,
      'tell the right ones with --region, --cluster, --domain and --environment-letter',
    )
  return { state: 'known', spec, why: [place.why] }
}

/** What is told of a cluster that has its ClusterIdentity must be what that says. */
const existing = (spec: ClusterIdentitySpec, told: Told): IdentityAnswer => {
  for (const field of ['region', 'cluster', 'domain', 'environmentLetter'] as const)
    if (told[field] !== undefined && told[field] !== spec[field])
      return unknown(
        `the ClusterIdentity says ${field} ${spec[field]}, and the command line ${told[field]}`,
        'leave it out of the command line, or correct the ClusterIdentity',
      )
  return { state: 'known', spec, why: undefined }
}

const unknown = (message: string, hint: string): IdentityAnswer => ({
  state: 'unknown',
  finding: { code: 'IdentityUnknown', severity: 'error', message, hint },
})

const unclear = (flag: string, what: string, verdict: Verdict): IdentityAnswer =>
  unknown(
    verdict.state === 'several'
      ? `${what} may be ${verdict.values.join(' or ')}: as many records say the one as the other`
      : `${what} cannot be told from the records`,
    `tell it with --${flag}`,
  )

const decided = (verdict: Verdict): string | Verdict => (verdict.state === 'one' ? verdict.value : verdict)

/** Of names that look like hosts; one whose target is in the same domain counts twice. */
const domainVotes = (cnames: readonly Original[]): Votes => {
  const votes = new Votes()
  for (const { name, targets } of cnames) {
    const [first = '', ...rest] = name.split('.')
    const domain = rest.join('.')
    if (letterIn(first) !== undefined) votes.add(domain, targets[0]?.endsWith(`.${domain}`) ? 2 : 1)
  }
  return votes
}

const letterVotes = (cnames: readonly Original[]): Votes => {
  const votes = new Votes()
  for (const { name } of cnames) {
    const letter = letterIn(name.split('.')[0] ?? '')
    if (letter !== undefined) votes.add(letter)
  }
  return votes
}

type Place =
  | { readonly region: string; readonly cluster: string; readonly why: string }
  | { readonly problem: Verdict }

interface Candidate {
  readonly region: string
  readonly cluster: string
}

const placeOf = (originals: readonly Original[], domain: string, world: World, told: Told): Place => {
  if (told.region !== undefined && told.cluster !== undefined)
    return { region: told.region, cluster: told.cluster, why: 'Region and cluster are as you told.' }
  const zones = new Set(originals.map(({ writer }) => writer.zone))
  const regions = told.region === undefined ? [...zones] : [told.region]
  let problem: Verdict = { state: 'none' }
  for (const { why, names } of evidence) {
    const verdict = vote(names(originals, world), domain, regions, told.cluster)
    if ('region' in verdict) return { ...verdict, why }
    if (verdict.state === 'several') return { problem: verdict }
    problem = verdict
  }
  return { problem }
}

interface Evidence {
  readonly why: string
  /** Names that are likely to be those of this cluster's gateways. */
  readonly names: (originals: readonly Original[], world: World) => readonly string[]
}

const evidence: readonly Evidence[] = [
  {
    why: 'Region and cluster are those of the names that have the addresses of load balancers here.',
    names: (originals, world) =>
      originals.filter(original => publishedBy(original, world).length > 0).map(({ name }) => name),
  },
  {
    why: 'Region and cluster are those of the target that most hosts have.',
    names: originals =>
      originals
        .filter(({ type, name }) => type === 'CNAME' && letterIn(name.split('.')[0] ?? '') !== undefined)
        .flatMap(({ targets }) => targets),
  },
]

/**
 * `aks01-weu-internal` is cluster aks01 of region weu. Where one name can be read in two ways and no other decides, the
 * region that stands further back counts; that gives the same records.
 */
const vote = (
  names: readonly string[],
  domain: string,
  regions: readonly string[],
  cluster: string | undefined,
): Candidate | Verdict => {
  const votes = new Votes()
  const explains = new Map<string, { readonly candidate: Candidate; readonly names: Set<string> }>()
  for (const name of names)
    for (const candidate of candidatesIn(name, domain, regions)) {
      if (cluster !== undefined && candidate.cluster !== cluster) continue
      const key = `${candidate.cluster} in ${candidate.region}`
      votes.add(key)
      const known = explains.get(key) ?? { candidate, names: new Set<string>() }
      known.names.add(name)
      explains.set(key, known)
    }
  const leaders = votes.leaders()
  const [first] = leaders
  if (first === undefined) return { state: 'none' }
  const same = leaders.every(key => sameSet(explains.get(key)?.names, explains.get(first)?.names))
  if (!same) return { state: 'several', values: leaders }
  const longest = leaders
    .flatMap(key => explains.get(key)?.candidate ?? [])
    .sort((a, b) => b.cluster.length - a.cluster.length)[0]
  return longest ?? { state: 'none' }
}

const sameSet = (a: ReadonlySet<string> = new Set(), b: ReadonlySet<string> = new Set()): boolean =>
  a.size === b.size && [...a].every(value => b.has(value))

const candidatesIn = (name: string, domain: string, regions: readonly string[]): readonly Candidate[] => {
  if (!name.endsWith(`.${domain}`)) return []
  const first = name.slice(0, -domain.length - 1)
  return regions.flatMap(region => {
    const found: Candidate[] = []
    const piece = `-${region}-`
    for (let at = first.indexOf(piece, 1); at > 0; at = first.indexOf(piece, at + 1))
      if (at + piece.length < first.length) found.push({ region, cluster: first.slice(0, at) })
    return found
  })
}
