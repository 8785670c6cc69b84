import * as v from 'valibot'
import { commonStatus, described, dnsLabel, objectNameField } from './fields.ts'

/** A piece of the host's first label; `where` says which of its ends are ends of the label as well. */
const hostPart = (where: 'start' | 'middle' | 'end', description: string) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(63),
    {
      start: v.regex(
        /^[a-z0-9][a-z0-9-]*$/,
        'must be lower-case letters, digits and hyphens, without dots, and not begin with a hyphen',
      ),
      middle: v.regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens, without dots'),
      end: v.regex(
        /^[a-z0-9-]*[a-z0-9]$/,
        'must be lower-case letters, digits and hyphens, without dots, and not end with a hyphen',
      ),
    }[where],
    v.description(description),
  )

export const serviceRouteSpec = v.strictObject({
  serviceName: hostPart('start', 'The service, the first part of the host name.'),
  gatewayName: objectNameField('The Gateway that serves the host.'),
  gatewayNamespace: v.optional(
    dnsLabel(
      "The Gateway's namespace. Absent: --default-gateway-namespace, which is istio-system by default.",
    ),
  ),
  environment: hostPart('middle', 'The environment, for example prod. Part of the host name.'),
  application: hostPart('end', 'The application. Part of the host name.'),
})

export const serviceRouteStatus = v.looseObject({
  ...commonStatus,
  host: v.optional(described(v.string(), 'The host name of this route.')),
  target: v.optional(described(v.string(), 'The name that the host is a CNAME of.')),
  dnsEndpoint: v.optional(described(v.string(), 'The first of dnsEndpoints.')),
  dnsEndpoints: v.optional(described(v.array(v.string()), 'The DNSEndpoints of this route.')),
})

export type ServiceRouteSpec = v.InferOutput<typeof serviceRouteSpec>
