// tsyringe, which @peculiar/x509 uses, wants it loaded first.
import 'reflect-metadata'
import { generateKeyPairSync } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

/** PEM texts. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

export interface Validity {
  readonly notBefore?: Date
  readonly notAfter?: Date
}

export interface Authority {
  /** Its own certificate. */
  readonly cert: string
  issueServer(hosts: readonly string[], valid?: Validity): Promise<KeyPair>
  /** Kubernetes takes the user from CN and the groups from O. */
  issueClient(user: string, groups: readonly string[], notAfter?: Date): Promise<KeyPair>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const minute = 60_000
const year = 365 * 24 * 60 * minute

export const createAuthority = async (name: string): Promise<Authority> => {
  const keys = await newKeys()
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: algorithm,
    ...validity({}),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  })
  const issue = async (
    subject: x509.JsonName,
    valid: Validity,
    extensions: readonly x509.Extension[],
  ): Promise<KeyPair> => {
    const own = await newKeys()
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: root.subjectName,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      ...validity(valid),
      extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true), ...extensions],
    })
    return { cert: certificate.toString('pem'), key: await privatePem(own.privateKey) }
  }
  return {
    cert: root.toString('pem'),
    issueServer: (hosts, valid = {}) =>
      issue([{ CN: ['kube-apiserver'] }], valid, [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        alternativeNames(hosts),
      ]),
    issueClient: (user, groups, notAfter) =>
      issue(
        [...groups.map(group => ({ O: [group] })), { CN: [user] }],
        notAfter === undefined ? {} : { notAfter },
        [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
      ),
  }
}

/** The key that service account tokens are signed with, and its public half to check them. */
export const createSigningKey = (): { readonly privateKey: string; readonly publicKey: string } =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })

/** A certificate of a server that nobody else has signed. */
export const createSelfSigned = async (hosts: readonly string[]): Promise<KeyPair> => {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [hosts[0] ?? 'server'] }],
    keys,
    signingAlgorithm: algorithm,
    ...validity({}),
    extensions: [alternativeNames(hosts)],
  })
  return { cert: certificate.toString('pem'), key: await privatePem(keys.privateKey) }
}

const alternativeNames = (hosts: readonly string[]): x509.Extension =>
  new x509.SubjectAlternativeNameExtension(
    hosts.map(host => ({ type: isIP(host) === 0 ? ('dns' as const) : ('ip' as const), value: host })),
  )

/** Begins a little earlier: X.509 counts in whole seconds. A `notAfter` in the past gives an expired certificate. */
const validity = ({ notBefore, notAfter }: Validity): Required<Validity> => {
  const end = notAfter ?? new Date(Date.now() + year)
  return { notBefore: notBefore ?? new Date(Math.min(Date.now(), end.getTime()) - minute), notAfter: end }
}

const newKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

const privatePem = async (key: CryptoKey): Promise<string> =>
  x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
