import * as v from 'valibot'
import type { CelRule } from './cel.ts'
import { described, ipv6, isIpAddress } from './fields.ts'
import { mapping } from './mapping.ts'

/**
 * Probes of failover: whether a gateway answers, asked from another cluster. The fields are those of Kubernetes' httpGet and
 * tcpSocket probes where these have them.
 */

const whole = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'

const hostName = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(253),
  v.regex(
    new RegExp(`^(${label}(\\.${label})*|${ipv6})$`),
    'must be a host name in lower case, or an IP address',
  ),
)

const fields = {
  scheme: v.optional(
    described(v.picklist(['HTTPS', 'HTTP', 'TCP']), 'HTTPS checks the certificate, too; TCP only connects.'),
    'HTTPS',
  ),
  host: v.optional(
    described(
      hostName,
      'The host that is asked for: TLS server name, name in the certificate and Host header. Of a witness also where it is.',
    ),
  ),
  port: v.optional(described(whole(1, 65_535), 'Default: 443 for HTTPS, 80 for HTTP.')),
  path: v.optional(
    described(
      v.pipe(
        v.string(),
        v.maxLength(1024),
        v.regex(/^\/[!-~]*$/, 'must begin with / and have neither spaces nor characters beyond ASCII'),
      ),
      'What is asked for, over HTTPS and HTTP. An answer from 200 to 399 is a good one.',
    ),
    '/',
  ),
  caBundle: v.optional(
    described(
      v.pipe(
        v.string(),
        v.maxLength(65_536),
        v.regex(
          /^(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\r\n ]+-----END CERTIFICATE-----[\r\n ]*)+$/,
          'must be certificates in PEM, and nothing else',
        ),
      ),
      'Certificates in PEM. Over HTTPS only what these have issued counts, instead of what the system trusts.',
    ),
  ),
  intervalSeconds: v.optional(described(whole(1, 3600), 'Between two probes.'), 10),
  timeoutSeconds: v.optional(
    described(whole(1, 60), 'How long an answer may take, the look-up included.'),
    3,
  ),
  failureThreshold: v.optional(
    described(whole(1, 100), 'So many failures in a row, and it is down. Of a witness it has no effect.'),
    3,
  ),
  successThreshold: v.optional(
    described(whole(1, 1000), 'So many answers in a row, and it is up. Of a witness it has no effect.'),
    6,
  ),
}

const hostNeeded = "self.scheme == 'TCP' || has(self.host)"
const hostNeededText = 'a probe over HTTPS or HTTP needs a host: the one that is asked for'
const portNeeded = "self.scheme != 'TCP' || has(self.port)"
const portNeededText = 'a probe over TCP needs a port'
const caOnly = "!has(self.caBundle) || self.scheme == 'HTTPS'"
const caOnlyText = 'caBundle has a meaning only over HTTPS'
const witnessHost = 'has(self.host)'
const witnessHostText = 'a witness needs a host: it is where the probe goes'

const rulesAt = (path: readonly string[]): readonly CelRule[] => [
  { path, rule: portNeeded, message: portNeededText },
  { path, rule: caOnly, message: caOnlyText },
]

export const probeRules: readonly CelRule[] = [
  { path: ['probe'], rule: hostNeeded, message: hostNeededText },
  ...rulesAt(['probe']),
  { path: ['witnesses', '*'], rule: witnessHost, message: witnessHostText },
  ...rulesAt(['witnesses', '*']),
]

export const probeSpec = v.pipe(
  mapping(fields),
  v.check(({ scheme, host }) => scheme === 'TCP' || host !== undefined, hostNeededText),
  v.check(({ scheme, port }) => scheme !== 'TCP' || port !== undefined, portNeededText),
  v.check(({ scheme, caBundle }) => caBundle === undefined || scheme === 'HTTPS', caOnlyText),
)

export const witnessSpec = v.pipe(
  mapping(fields),
  v.check(({ host }) => host !== undefined, witnessHostText),
  v.check(({ scheme, port }) => scheme !== 'TCP' || port !== undefined, portNeededText),
  v.check(({ scheme, caBundle }) => caBundle === undefined || scheme === 'HTTPS', caOnlyText),
)

export type ProbeSpec = v.InferOutput<typeof probeSpec>

const standardPorts = { HTTPS: 443, HTTP: 80, TCP: 0 } as const

export const portOf = ({ port, scheme }: Pick<ProbeSpec, 'port' | 'scheme'>): number =>
  port ?? standardPorts[scheme]

/** `HTTPS shop.example.com:443/healthz`, for people. */
export const probeText = (probe: ProbeSpec): string => {
  const { scheme, host, path } = probe
  const at = `${host === undefined ? '' : isIpAddress(host) && host.includes(':') ? `[${host}]` : host}:${portOf(probe)}`
  return scheme === 'TCP' ? `TCP ${at}` : `${scheme} ${at}${path}`
}
