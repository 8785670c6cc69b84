import { queryTypes } from '../api/questions.ts'
import { readFlags } from '../external-dns/flags.ts'
import { knownFlags, type Settings, settingsOf } from '../external-dns/settings.ts'
import type { RecordKind } from './records.ts'
import type { Zone } from './zone.ts'

/** What an instance of the split set-up has to be told, as docs/externaldns.md has it. */
interface Wanted {
  readonly labelFilter: string
  readonly types: readonly string[]
  readonly policy: string
}

const wantedOf = (region: string, kind: RecordKind): Wanted =>
  kind === 'route'
    ? {
        labelFilter: `router.io/region=${region},router.io/serviceroute`,
        types: ['CNAME'],
        policy: 'sync',
      }
    : {
        labelFilter: `router.io/region=${region},router.io/resource-type=gateway-service`,
        types: ['A', 'AAAA', 'CNAME'],
        policy: 'upsert-only',
      }

/** All arguments of a new instance but those of the provider. */
export const argumentsOf = (zone: Zone, kind: RecordKind, withTxt = false): readonly string[] => {
  const { labelFilter, types, policy } = wantedOf(zone.controller.region, kind)
  const { owner, prefix } = zone.target[kind]
  return [
    '--source=crd',
    '--crd-source-apiversion=externaldns.k8s.io/v1alpha1',
    '--crd-source-kind=DNSEndpoint',
    `--label-filter=${labelFilter}`,
    `--domain-filter=${zone.domain}`,
    ...[...types, ...(withTxt ? ['TXT'] : [])].map(type => `--managed-record-types=${type}`),
    `--policy=${policy}`,
    '--registry=txt',
    `--txt-owner-id=${owner}`,
    `--txt-prefix=${prefix ?? ''}`,
  ]
}

/** What the arguments of a new instance mean. */
export const settingsFor = (zone: Zone, kind: RecordKind): Settings =>
  settingsOf(
    readFlags(
      argumentsOf(zone, kind).map(text => ({ text, isKnown: true })),
      new Map(),
      knownFlags,
    ),
  )

/** Those of them that an instance of this kind does not have, whatever its label filter; empty where it is as it should be. */
export const missingArguments = (zone: Zone, kind: RecordKind, settings: Settings): readonly string[] => {
  const { types, policy } = wantedOf(zone.controller.region, kind)
  const { owner, prefix = '' } = zone.target[kind]
  // What else it manages is its owner's business.
  const ours = settings.recordTypes.filter(type => queryTypes.some(each => each === type))
  const sameTypes = types.length === ours.length && types.every(type => ours.includes(type))
  const rows: readonly (readonly [isRight: boolean, ...wanted: readonly string[]])[] = [
    [sameTypes, ...types.map(type => `--managed-record-types=${type}`)],
    [settings.policy === policy, `--policy=${policy}`],
    [settings.registry === 'txt', '--registry=txt'],
    [settings.ownerId === owner, `--txt-owner-id=${owner}`],
    [settings.txtPrefix === prefix, `--txt-prefix=${prefix}`],
  ]
  return rows.flatMap(([isRight, ...wanted]) => (isRight ? [] : wanted))
}
