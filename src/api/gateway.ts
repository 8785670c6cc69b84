import * as v from 'valibot'
import {
  commonStatus,
  described,
  dnsLabel,
  ipAddress,
  labelValueField,
  objectNameField,
  ttlSeconds,
} from './fields.ts'

const selectorRequirement = v.strictObject({
  key: v.pipe(v.string(), v.minLength(1), v.maxLength(317)),
  operator: v.picklist(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: v.optional(v.pipe(v.array(v.string()), v.maxLength(256))),
})

/** As meta/v1 LabelSelector. */
export const labelSelector = v.strictObject({
  matchLabels: v.optional(v.record(v.string(), v.string())),
  matchExpressions: v.optional(v.pipe(v.array(selectorRequirement), v.maxLength(64))),
})

export const gatewaySpec = v.strictObject({
  controller: labelValueField(
    'The `istio` label of the ingress pods, for example aks-istio-ingressgateway-internal. ' +
      'The load balancer is the Service of type LoadBalancer with the same label.',
  ),
  credentialName: objectNameField(
    'The Secret with the TLS certificate, in the namespace of the ingress pods.',
  ),
  targetPostfix: dnsLabel(
    'What tells the gateways of a cluster apart, for example internal. Part of every target name.',
  ),
  ttl: v.optional(
    ttlSeconds("Seconds for the address records of this gateway, instead of the DNSConfiguration's."),
  ),
  addresses: v.optional(
    described(
      v.pipe(v.array(ipAddress('An IPv4 or IPv6 address.')), v.minLength(1), v.maxLength(20)),
      "Addresses to publish instead of the load balancer's.",
    ),
  ),
  allowedRoutes: v.optional(
    described(
      v.strictObject({
        namespaces: v.optional(
          v.strictObject({
            from: v.optional(v.picklist(['All', 'Same', 'Selector']), 'All'),
            selector: v.optional(labelSelector),
          }),
        ),
      }),
      'Which namespaces may use this gateway. Absent: all.',
    ),
  ),
})

export const gatewayStatus = v.looseObject({
  ...commonStatus,
  loadBalancerIP: v.optional(described(v.string(), 'The first address.')),
  addresses: v.optional(described(v.array(v.string()), 'All addresses.')),
  hosts: v.optional(described(v.pipe(v.number(), v.integer()), 'How many hosts the Istio Gateways serve.')),
})

export type LabelSelector = v.InferOutput<typeof labelSelector>
export type GatewaySpec = v.InferOutput<typeof gatewaySpec>
