import * as v from 'valibot'
import { clusterNameOf } from '../api/claims.ts'
import type { ClusterIdentitySpec } from '../api/cluster-identity.ts'
import { dnsLabel, isIpAddress } from '../api/fields.ts'
import { hostName, targetName } from '../api/names.ts'
import { splitsOf } from './host.ts'
import type { Merged } from './merged.ts'
import type { Reason } from './original.ts'

type Question = (record: Merged, identity: ClusterIdentitySpec) => Reason | undefined

const postfixSchema = dnsLabel('')

/** The part of a name that tells this cluster's gateways apart; undefined where it is no name of a gateway of this cluster. */
export const postfixOf = (name: string, identity: ClusterIdentitySpec): string | undefined => {
  const start = `${clusterNameOf(identity)}-`
  const end = `.${identity.domain}`
  if (!name.startsWith(start) || !name.endsWith(end)) return undefined
  const postfix = name.slice(start.length, -end.length)
  return v.is(postfixSchema, postfix) ? postfix : undefined
}

const firstLabelOf = (name: string, { domain }: ClusterIdentitySpec): string =>
  name.slice(0, -domain.length - 1)

const hasRecordType: Question = ({ type }) =>
  ['A', 'AAAA', 'CNAME'].includes(type)
    ? undefined
    : {
        code: 'RecordTypeNotDerived',
        message: 'srouter makes A, AAAA and CNAME records, and no others',
        hint: 'keep its DNSEndpoint',
      }

const isUndisputed: Question = ({ isDisputed, from, targets }) =>
  isDisputed
    ? {
        code: 'ContradictoryRecords',
        message: `${from.length > 1 ? `DNSEndpoints say ${targets.join(' and ')} of it` : 'another DNSEndpoint has this name with another type'}, so the zone has either`,
        hint: 'remove what is wrong, and import again',
      }
    : undefined

const isPlain: Question = ({ hasRouting }) =>
  hasRouting
    ? {
        code: 'RoutingNotDerived',
        message: 'it has setIdentifier or providerSpecific, which srouter never sets',
        hint: 'keep its DNSEndpoint, or do without',
      }
    : undefined

const isNoWildcard: Question = ({ name }) =>
  name.includes('*')
    ? {
        code: 'WildcardName',
        message: 'a ServiceRoute has one host, and no wildcard',
        hint: 'keep its DNSEndpoint, or make a ServiceRoute for each host that is used',
      }
    : undefined

const isNoApex: Question = ({ name }, { domain }) =>
  name === domain
    ? {
        code: 'ApexName',
        message: 'it is the zone itself, and hosts stand below it',
        hint: 'keep its DNSEndpoint',
      }
    : undefined

const isInDomain: Question = ({ name }, { domain }) =>
  name.endsWith(`.${domain}`)
    ? undefined
    : {
        code: 'OtherDomain',
        message: `it is outside ${domain}, the domain of this cluster`,
        hint: 'keep its DNSEndpoint',
      }

const hasTargets: Question = ({ type, targets }) => {
  if (targets.length === 0) return { code: 'InvalidEndpoint', message: 'it has no target', hint: 'remove it' }
  if (type === 'CNAME' && targets.length > 1)
    return {
      code: 'SeveralTargets',
      message: `a CNAME has one target, and this has ${targets.join(', ')}`,
      hint: 'choose one of them',
    }
  if (type === 'CNAME') return undefined
  const wrong = targets.find(target => !isIpAddress(target) || target.includes(':') !== (type === 'AAAA'))
  return wrong === undefined
    ? undefined
    : { code: 'InvalidEndpoint', message: `${wrong} is no address for it`, hint: 'correct the target' }
}

const hasName: Question = (record, identity) =>
  record.type === 'CNAME' && postfixOf(record.targets[0] ?? '', identity) !== undefined
    ? isHost(record, identity)
    : isTarget(record, identity)

/** A CNAME to a gateway: a route's. */
const isHost: Question = ({ name }, identity) => {
  const first = firstLabelOf(name, identity)
  const { environmentLetter, domain } = identity
  if (first.includes('.') || splitsOf(first, environmentLetter).length === 0)
    return {
      code: 'HostNotDerived',
      message: `a host is ${hostName(parts, { environmentLetter, domain })}`,
      hint: 'keep its DNSEndpoint, or give the service a host of this form beside it',
    }
  return undefined
}

const parts = { serviceName: '{serviceName}', environment: '{environment}', application: '{application}' }

/** All others: the addresses of a gateway, or of its load balancer's name. */
const isTarget: Question = ({ type, name, targets }, identity) => {
  if (postfixOf(name, identity) !== undefined) return undefined
  const form = targetName(identity, '{targetPostfix}')
  return type === 'CNAME'
    ? {
        code: 'TargetNotDerived',
        message: `its target ${targets[0]} is none of this cluster's gateways, which are ${form}`,
        hint: 'keep its DNSEndpoint; where it is a gateway of another cluster, import there',
      }
    : {
        code: 'NameNotDerived',
        message: `only this cluster's gateways have addresses, under the name ${form}`,
        hint: 'keep its DNSEndpoint; where it is a gateway of another cluster, import there',
      }
}

/** What one record must be like, from top to bottom; the first answer counts. What several have to agree on comes later. */
const questions: readonly Question[] = [
  hasRecordType,
  isUndisputed,
  isPlain,
  isNoWildcard,
  isNoApex,
  isInDomain,
  hasTargets,
  hasName,
]

/** Why no resource of srouter makes this record, or undefined. */
export const refusalOf: Question = (record, identity) => {
  for (const question of questions) {
    const reason = question(record, identity)
    if (reason !== undefined) return reason
  }
  return undefined
}
