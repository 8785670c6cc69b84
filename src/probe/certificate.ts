import type { PeerCertificate } from 'node:tls'
import { timestamp } from '../lib/timestamp.ts'
import { down, printable, type Verdict } from './verdict.ts'

/**
 * Why a certificate is not accepted, in words; `code` is OpenSSL's or Node's. Certificate and code come from the other
 * side, which may be anybody: what is quoted is cut and printable.
 */
export const certificateVerdict = (
  code: string,
  certificate: PeerCertificate,
  host: string,
  now: number = Date.now(),
): Verdict => down('CertificateInvalid', (words[code] ?? otherwise(code))(certificate, host, now))

type Words = (certificate: PeerCertificate, host: string, now: number) => string

const notForHost: Words = (certificate, host) => {
  const names = namesOf(certificate)
  const shown = names.slice(0, shownNames).map(name => printable(name, longestName))
  const rest = names.length - shown.length
  const whose = names.length === 0 ? 'no name' : `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  return `the certificate is for ${whose}, and not for ${printable(host, longestName)}`
}

const expired: Words = ({ valid_to: end }, _host, now) =>
  Date.parse(end) <= now
    ? `the certificate expired on ${moment(end)}`
    : 'a certificate between this one and its CA has expired'

const early: Words = ({ valid_from: begin }, _host, now) =>
  Date.parse(begin) > now
    ? `the certificate is not valid before ${moment(begin)}`
    : 'a certificate between this one and its CA is not valid yet'

const unknownAuthority: Words = ({ issuer }) =>
  `the certificate is issued by ${quoted(issuer)}, which is not trusted, or whose own certificate is not sent along`

const words: Readonly<Record<string, Words>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: notForHost,
  CERT_HAS_EXPIRED: expired,
  CERT_NOT_YET_VALID: early,
  DEPTH_ZERO_SELF_SIGNED_CERT: () => 'the certificate is self-signed, and not one that is trusted',
  SELF_SIGNED_CERT_IN_CHAIN: ({ issuer }) =>
    `the certificate is issued by ${quoted(issuer)}, and the root that is sent along is not trusted`,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  INVALID_PURPOSE: () => 'the certificate is not one for servers',
  UNSUPPORTED_CERTIFICATE_PURPOSE: () => 'the certificate is not one for servers',
  CERT_REVOKED: () => 'the certificate has been revoked',
}

const otherwise =
  (code: string): Words =>
  () =>
    `the certificate is not accepted: ${printable(code, longestName)}`

const shownNames = 3
const longestName = 60

/** `DNS:a.example.com, DNS:"odd, name", IP Address:10.0.0.1`; without such names, the common one. */
const namesOf = ({ subjectaltname, subject }: PeerCertificate): readonly string[] => {
  const names = [...(subjectaltname ?? '').matchAll(/(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)].map(
    ([, name = '']) => name,
  )
  return names.length > 0 ? names : listed(subject?.CN)
}

/** A name may have several of a kind, whatever the types say. */
const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

const quoted = (issuer: PeerCertificate['issuer'] | undefined): string =>
  `"${printable(listed(issuer?.CN)[0] ?? listed(issuer?.O)[0] ?? '', longestName)}"`

/** `Nov 22 23:59:26 2026 GMT` → `2026-11-22T23:59:26Z` */
const moment = (text: string): string => {
  const at = Date.parse(text)
  return Number.isNaN(at) ? printable(text, longestName) : timestamp(at)
}
