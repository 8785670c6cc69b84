import * as v from 'valibot'
import type { CelRule } from './cel.ts'
import { commonStatus, described, dnsLabelOrEmpty, objectNameField } from './fields.ts'
import { mapping } from './mapping.ts'

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

const labelLength = {
  path: [],
  rule: 'size(self.serviceName) + size(self.environment) + size(self.application) <= 56',
  message:
    'serviceName, environment and application together may have 56 characters, because ' +
    'the label {serviceName}-ns-{letter}-{environment}-{application} may have 63',
} as const satisfies CelRule

export const serviceRouteRules: readonly CelRule[] = [labelLength]

const serviceRouteFields = mapping({
  serviceName: hostPart('start', 'The service, the first part of the host name.'),
  gatewayName: objectNameField('The Gateway that serves the host.'),
  gatewayNamespace: v.optional(
    dnsLabelOrEmpty(
      "The Gateway's namespace. Absent: --default-gateway-namespace, which is istio-system by default.",
    ),
  ),
  environment: hostPart('middle', 'The environment, for example prod. Part of the host name.'),
  application: hostPart('end', 'The application. Part of the host name.'),
})

export const serviceRouteSpec = v.pipe(
  serviceRouteFields,
  v.check(
    ({ serviceName, environment, application }) =>
      serviceName.length + environment.length + application.length <= 56,
    labelLength.message,
  ),
)

export const serviceRouteStatus = v.looseObject({
  ...commonStatus,
  host: v.optional(described(v.string(), 'The host name of this route.')),
  target: v.optional(described(v.string(), 'The name that the host is a CNAME of.')),
  dnsEndpoint: v.optional(described(v.string(), 'The first of dnsEndpoints.')),
  dnsEndpoints: v.optional(described(v.array(v.string()), 'The DNSEndpoints of this route.')),
})

export type ServiceRouteSpec = v.InferOutput<typeof serviceRouteSpec>
