import type { Arity, Flags } from './flags.ts'

/** The flags of ExternalDNS on which it depends whether, and how, srouter's records come into a zone. */
export const knownFlags = {
  provider: 'one',
  source: 'many',
  'crd-source-apiversion': 'one',
  'crd-source-kind': 'one',
  'label-filter': 'one',
  'annotation-filter': 'one',
  namespace: 'one',
  'domain-filter': 'many',
  'regex-domain-filter': 'one',
  'managed-record-types': 'many',
  'exclude-record-types': 'many',
  policy: 'one',
  registry: 'one',
  'txt-owner-id': 'one',
  'migrate-from-txt-owner': 'one',
  'txt-prefix': 'one',
  'txt-suffix': 'one',
  interval: 'one',
  events: 'switch',
  'dry-run': 'switch',
  once: 'switch',
} as const satisfies Readonly<Record<string, Arity>>

export type Flag = keyof typeof knownFlags

/** What an ExternalDNS does, with the defaults of v0.21.0 where nothing is said. */
export interface Settings {
  readonly provider: string
  readonly sources: readonly string[]
  /** `externaldns.k8s.io/v1alpha1 DNSEndpoint` */
  readonly crd: string
  readonly labelFilter: string
  readonly annotationFilter: string
  /** The only namespace that it looks at; all where it is empty. */
  readonly namespace: string
  readonly domainFilters: readonly string[]
  readonly regexDomainFilter: string
  /** Without those that are excluded, sorted. */
  readonly recordTypes: readonly string[]
  /** Undefined where it is not said: `sync` up to v0.21, an error from v0.22.0. */
  readonly policy: string | undefined
  readonly registry: string
  readonly ownerId: string
  /** Whose records it takes over; nobody's where it is empty. */
  readonly previousOwner: string
  readonly txtPrefix: string
  readonly txtSuffix: string
  readonly interval: string
  readonly events: boolean
  readonly dryRun: boolean
  readonly once: boolean
}

export const settingsOf = ({ values }: Pick<Flags, 'values'>): Settings => {
  const all = (flag: Flag, otherwise: readonly string[] = []): readonly string[] =>
    values.get(flag) ?? otherwise
  const one = (flag: Flag, otherwise = ''): string => values.get(flag)?.at(-1) ?? otherwise
  const isOn = (flag: Flag): boolean => one(flag) === 'true'
  const excluded = all('exclude-record-types')
  return {
    provider: one('provider'),
    sources: all('source'),
    crd: `${one('crd-source-apiversion', 'externaldns.k8s.io/v1alpha1')} ${one('crd-source-kind', 'DNSEndpoint')}`,
    labelFilter: one('label-filter'),
    annotationFilter: one('annotation-filter'),
    namespace: one('namespace'),
    domainFilters: all('domain-filter').filter(domain => domain !== ''),
    regexDomainFilter: one('regex-domain-filter'),
    recordTypes: [...new Set(all('managed-record-types', ['A', 'AAAA', 'CNAME']))]
      .filter(type => !excluded.includes(type))
      .sort(),
    policy: values.get('policy')?.at(-1),
    registry: one('registry', 'txt'),
    ownerId: one('txt-owner-id', 'default'),
    previousOwner: one('migrate-from-txt-owner'),
    txtPrefix: one('txt-prefix'),
    txtSuffix: one('txt-suffix'),
    interval: one('interval', '1m0s'),
    events: isOn('events'),
    dryRun: isOn('dry-run'),
    once: isOn('once'),
  }
}

/** Up to v0.21 it is `sync` where nothing is said. */
export const policyOf = ({ policy = 'sync' }: Pick<Settings, 'policy'>): string => policy
