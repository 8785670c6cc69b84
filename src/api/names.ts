import { createHash } from 'node:crypto'

/**
 * DNS and Kubernetes names: how hosts, targets, object names and label values are made, and which are legal.
 * Limits: DNS labels 63 and names 253 octets (RFC 1035 §2.3.4, RFC 1123 §2.1); label values 63 and object
 * names 253 characters (Kubernetes, "Object Names and IDs").
 */

export const maxLabel = 63
export const maxName = 253

export interface HostParts {
  readonly serviceName: string
  readonly environment: string
  readonly application: string
}

export interface IdentityParts {
  readonly region: string
  readonly cluster: string
  readonly domain: string
  readonly environmentLetter: string
}

/** `{serviceName}-ns-{environmentLetter}-{environment}-{application}.{domain}` */
export const hostName = (
  route: HostParts,
  identity: Pick<IdentityParts, 'environmentLetter' | 'domain'>,
): string =>
  `${route.serviceName}-ns-${identity.environmentLetter}-${route.environment}-${route.application}.${identity.domain}`

/** `{cluster}-{region}-{targetPostfix}.{domain}` */
export const targetName = (
  identity: Pick<IdentityParts, 'cluster' | 'region' | 'domain'>,
  targetPostfix: string,
): string => `${identity.cluster}-${identity.region}-${targetPostfix}.${identity.domain}`

// With underscores, which ownership records may have; the schemas keep them out of hosts and targets.
const legalName = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/
const labelPattern = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/

/**
 * Why `name` is no legal DNS name, or undefined when it is.
 *
 * | name              | answer                                         |
 * | ----------------- | ---------------------------------------------- |
 * | a-b.example.com   | (none)                                         |
 * | -a.example.com    | its label "-a" begins with a hyphen            |
 * | a..example.com    | it has an empty label                          |
 * | 64 × "a"          | its label "aaa…" has 64 characters, 63 at most |
 */
export const dnsNameProblem = (name: string): string | undefined => {
  // One test for the names that are legal, which nearly all are.
  if (name.length <= maxName && legalName.test(name)) return undefined
  if (name.length > maxName) return `it has ${name.length} characters, ${maxName} at most`
  for (const part of name.split('.')) {
    if (part === '') return 'it has an empty label'
    if (part.length > maxLabel)
      return `its label "${part}" has ${part.length} characters, ${maxLabel} at most`
    if (part.startsWith('-')) return `its label "${part}" begins with a hyphen`
    if (part.endsWith('-')) return `its label "${part}" ends with a hyphen`
    if (!labelPattern.test(part))
      return `its label "${part}" has a character that is not a-z, 0-9, "-" or "_"`
  }
  return undefined
}

/**
 * The name of the TXT record in which ExternalDNS's registry keeps the owner of `name`
 * (external-dns registry/mapper: prefix, then the record type and a hyphen, then the name; a prefix with
 * `%{record_type}` carries the type itself).
 *
 * | prefix              | type  | name    | answer                 |
 * | ------------------- | ----- | ------- | ---------------------- |
 * | edns-               | CNAME | a.b.com | edns-cname-a.b.com     |
 * | edns-%{record_type}- | A    | a.b.com | edns-a-a.b.com         |
 */
export const ownershipName = (prefix: string, recordType: string, name: string): string => {
  const type = recordType.toLowerCase()
  return prefix.includes('%{record_type}')
    ? `${prefix.replaceAll('%{record_type}', type)}${name}`
    : `${prefix}${type}-${name}`
}

/** First 8 hex digits of SHA-256. */
export const shortHash = (value: string): string =>
  createHash('sha256').update(value).digest('hex').slice(0, 8)

const legalObjectName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/
const legalLabelValue = /^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$/

/** `value` with its hash, within `max` characters and ending in an alphanumeric. */
const withHash = (value: string, max: number, hashOf: string): string => {
  const kept = value.slice(0, max - 9).replace(/[^A-Za-z0-9]+$/, '')
  return kept === '' ? shortHash(hashOf) : `${kept}-${shortHash(hashOf)}`
}

/** `value` as a label value: unchanged where it is one, else cut and given the hash of the whole. */
export const labelValue = (value: string): string => {
  if (value.length <= maxLabel && legalLabelValue.test(value)) return value
  const legal = value.replace(/[^A-Za-z0-9_.-]/g, '-').replace(/^[^A-Za-z0-9]+/, '')
  return withHash(legal, maxLabel, value)
}

/** `value` as an object name: unchanged where it is one, else cut and given the hash of the whole. */
export const objectName = (value: string): string => {
  if (value.length <= maxName && legalObjectName.test(value)) return value
  return withHash(legalised(value), maxName, value)
}

/** For a second object that would have the name of a first: `value` with the hash of what tells them apart. */
export const distinctObjectName = (value: string, identity: string): string =>
  withHash(legalised(value), maxName, identity)

/** Legal characters in labels that neither begin nor end with a hyphen; no more than fits is looked at. */
const legalised = (value: string): string =>
  value
    .slice(0, maxName)
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, '-')
    .split('.')
    .map(part => part.replace(/^-+|-+$/g, ''))
    .filter(part => part !== '')
    .join('.')
