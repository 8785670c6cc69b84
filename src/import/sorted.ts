import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import type { HostParts } from '../api/names.ts'
import type { Finding } from '../engine/finding.ts'
import { byText } from '../lib/compare.ts'
import { splitsOf } from './host.ts'
import type { Merged } from './merged.ts'
import { leftOut, type Reason } from './original.ts'
import { postfixOf, refusalOf } from './refusals.ts'
import { Votes } from './votes.ts'

/** A host with the records that it has in every zone. */
export interface Host {
  readonly host: string
  /** Of its DNSEndpoints; where they are in several, the one with most of them. */
  readonly namespace: string
  /** Other namespaces that have DNSEndpoints of it. */
  readonly elsewhere: readonly string[]
  readonly postfix: string
  readonly records: readonly Merged[]
  readonly splits: readonly HostParts[]
}

/** A gateway's name with the addresses that it has in every zone. */
export interface Target {
  readonly postfix: string
  readonly records: readonly Merged[]
}

export interface Sorted {
  readonly hosts: readonly Host[]
  readonly targets: readonly Target[]
  readonly findings: readonly Finding[]
}

/** Findings for every DNSEndpoint that has the record. */
export const leave = (records: readonly Merged[], reason: Reason): readonly Finding[] =>
  records.flatMap(({ from }) => from.map(original => leftOut(original, reason)))

/** The records told apart: hosts, gateways' names, and what srouter cannot make, each with its reason. */
export const sortOriginals = (all: readonly Merged[], identity: ClusterIdentitySpec): Sorted => {
  const hosts = new Map<string, Merged[]>()
  const targets = new Map<string, Merged[]>()
  const findings: Finding[] = []
  for (const record of all) {
    const reason = refusalOf(record, identity)
    const [target = ''] = record.targets
    if (reason !== undefined) findings.push(...leave([record], reason))
    else if (record.type === 'CNAME' && postfixOf(target, identity) !== undefined)
      grow(hosts, record.name, record)
    else grow(targets, postfixOf(record.name, identity) ?? '', record)
  }
  const found: Host[] = []
  for (const [host, records] of hosts) {
    const [first, ...others] = [...new Set(records.map(({ targets: [target = ''] }) => target))]
    if (first === undefined) continue
    if (others.length > 0) findings.push(...leave(records, targetsDiffer))
    else
      found.push({
        host,
        ...placesOf(records),
        postfix: postfixOf(first, identity) ?? '',
        records,
        splits: splitsOf(host.slice(0, -identity.domain.length - 1), identity.environmentLetter),
      })
  }
  return {
    hosts: found.sort((a, b) => byText(a.host, b.host)),
    targets: [...targets]
      .map(([postfix, records]) => ({ postfix, records }))
      .sort((a, b) => byText(a.postfix, b.postfix)),
    findings,
  }
}

const grow = (groups: Map<string, Merged[]>, key: string, record: Merged): void => {
  const group = groups.get(key)
  if (group === undefined) groups.set(key, [record])
  else group.push(record)
}

const targetsDiffer: Reason = {
  code: 'ZonesDiffer',
  message: 'it has another target in another zone, and a ServiceRoute has one gateway',
  hint: 'give it one target in all zones, and import again',
}

const placesOf = (records: readonly Merged[]): Pick<Host, 'namespace' | 'elsewhere'> => {
  const namespaces = records.flatMap(({ from }) => from.map(({ object }) => object.metadata.namespace ?? ''))
  const votes = new Votes()
  for (const namespace of namespaces) votes.add(namespace)
  const [namespace = ''] = votes.leaders()
  return { namespace, elsewhere: [...new Set(namespaces)].filter(each => each !== namespace).sort(byText) }
}
