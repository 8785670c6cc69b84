import { X509Certificate } from 'node:crypto'
import { refOf } from '../../api/object.ts'
import { counted } from '../../lib/counted.ts'
import { type Check, type Problem, problem, some, type Verdict, verdict } from '../check.ts'
import type { Facts, Reading, TlsSecret } from '../facts.ts'
import { type Credential, credentialsOf } from '../ingress.ts'

const dayMs = 86_400_000
/** What renews certificates by itself does so earlier: cert-manager 30 days before one of 90 ends. */
const warnDays = 14

export const tlsSecrets: Check = {
  remedy:
    'make the Secret, of type kubernetes.io/tls, in the namespace of the ingress pods: Istio looks for it only there',
  look: facts =>
    ofSecrets(facts, 'each is there, with certificate and key', (secret, { namespace, name, gateways }) => {
      const where = `Secret ${namespace}/${name} of ${named(gateways)}`
      const text =
        secret === undefined
          ? `${where} does not exist`
          : secret.certificate === undefined
            ? `${where} has no tls.crt`
            : !secret.hasKey
              ? `${where} has no tls.key`
              : certificateOf(secret) === undefined
                ? `${where}: what is in tls.crt is no certificate`
                : undefined
      return text === undefined ? [] : [problem('error', text, firstOf(gateways))]
    }),
}

export const tlsExpiry: Check = {
  remedy: 'renew the certificate; where cert-manager does so, look at its Certificate',
  look: facts =>
    ofCertificates(
      facts,
      `all last ${warnDays} days and more`,
      (certificate, { namespace, name, gateways }) => {
        const left = Math.floor((Date.parse(certificate.validTo) - facts.now) / dayMs)
        const where = `the certificate in ${namespace}/${name}`
        if (left < 0)
          return [problem('error', `${where} has ended: ${certificate.validTo}`, firstOf(gateways))]
        if (Date.parse(certificate.validFrom) > facts.now)
          return [problem('error', `${where} begins only at ${certificate.validFrom}`, firstOf(gateways))]
        return left < warnDays
          ? [
              problem(
                'warning',
                `${where} ends in ${counted(left, 'day')}: ${certificate.validTo}`,
                firstOf(gateways),
              ),
            ]
          : []
      },
    ),
}

export const tlsHosts: Check = {
  remedy: 'put the hosts, or a wildcard of the domain, into the certificate',
  look: facts =>
    ofCertificates(
      facts,
      'every host is in its certificate',
      (certificate, { namespace, name, gateways }) => {
        const keys = new Set(gateways.map(({ key }) => key))
        const hosts = facts.state.known
          ? facts.state.value.evaluation.routes.flatMap(({ facts: { host, gatewayKey } }) =>
              host !== undefined && keys.has(gatewayKey) ? [host] : [],
            )
          : []
        const left = [...new Set(hosts)].filter(
          host => certificate.checkHost(host, { subject: 'never' }) === undefined,
        )
        return left.length === 0
          ? []
          : [
              problem(
                'error',
                `the certificate in ${namespace}/${name} does not cover ${counted(left.length, 'host')}: ${some(left)}`,
                firstOf(gateways),
              ),
            ]
      },
    ),
}

type Look<T> = (what: T, credential: Credential) => readonly Problem[]

/** Every Secret that could be read is judged; where some could not, and the others are well, that is said. */
const ofSecrets = (facts: Facts, ok: string, look: Look<TlsSecret | undefined>): Verdict => {
  const { state, deployments } = facts
  if (!state.known) return { notChecked: state.why }
  const credentials = credentialsOf(state.value.evaluation.world, deployments.known ? deployments.value : [])
  const read = credentials.map(credential => ({ credential, secret: secretOf(credential, facts) }))
  const problems = read.flatMap(({ credential, secret }) =>
    secret.known ? look(secret.value, credential) : [],
  )
  const unread = read.flatMap(({ secret }) => (secret.known ? [] : [secret.why]))
  if (problems.length === 0 && unread.length > 0) return { notChecked: [...new Set(unread)].join('; ') }
  return verdict(problems, read.length === 0 ? 'there is no Gateway' : ok)
}

/** What is no certificate is said by the check of Secrets. */
const ofCertificates = (facts: Facts, ok: string, look: Look<X509Certificate>): Verdict =>
  ofSecrets(facts, ok, (secret, credential) => {
    const certificate = secret === undefined ? undefined : certificateOf(secret)
    return certificate === undefined ? [] : look(certificate, credential)
  })

const secretOf = (
  { namespace, name, controller }: Credential,
  { secrets }: Facts,
): Reading<TlsSecret | undefined> =>
  namespace === undefined
    ? { known: false, why: `no ingress istio=${controller} was found, whose namespace would have ${name}` }
    : (secrets.get(`${namespace}/${name}`) ?? { known: true, value: undefined })

/** The first of a chain is the server's own. */
const certificateOf = ({ certificate }: TlsSecret): X509Certificate | undefined => {
  if (certificate === undefined) return undefined
  try {
    return new X509Certificate(certificate)
  } catch {
    return undefined
  }
}

const named = (gateways: Credential['gateways']): string =>
  `Gateway ${some(
    gateways.map(({ key }) => key),
    2,
  )}`

const firstOf = ([first]: Credential['gateways']) => (first === undefined ? undefined : refOf(first.object))
