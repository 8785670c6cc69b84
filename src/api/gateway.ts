import * as v from 'valibot'
import type { CelRule } from './cel.ts'
import {
  commonStatus,
  described,
  dnsLabel,
  ipAddress,
  labelValueField,
  objectNameField,
  ttlSeconds,
} from './fields.ts'
import { mapping } from './mapping.ts'

const selectorNeeded = {
  path: ['allowedRoutes', 'namespaces'],
  rule: "!has(self.from) || self.from != 'Selector' || has(self.selector)",
  message: 'from: Selector needs a selector',
} as const satisfies CelRule

const selectorUnused = {
  path: ['allowedRoutes', 'namespaces'],
  rule: "!has(self.selector) || (has(self.from) && self.from == 'Selector')",
  message: 'a selector counts only with from: Selector',
} as const satisfies CelRule

const selectorValues = {
  path: ['allowedRoutes', 'namespaces', 'selector', 'matchExpressions', '*'],
  rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
  message: 'In and NotIn need values, Exists and DoesNotExist have none',
} as const satisfies CelRule

export const gatewayRules: readonly CelRule[] = [selectorNeeded, selectorUnused, selectorValues]

const selectorRequirement = v.pipe(
  mapping({
    key: v.pipe(v.string(), v.minLength(1), v.maxLength(317)),
    operator: v.picklist(['In', 'NotIn', 'Exists', 'DoesNotExist']),
    values: v.optional(v.pipe(v.array(v.string()), v.maxLength(256))),
  }),
  v.check(
    ({ operator, values = [] }) => (operator === 'In' || operator === 'NotIn') === values.length > 0,
    selectorValues.message,
  ),
)

/** As meta/v1 LabelSelector. */
export const labelSelector = mapping({
  matchLabels: v.optional(v.record(v.string(), v.string())),
  matchExpressions: v.optional(v.pipe(v.array(selectorRequirement), v.maxLength(64))),
})

const allowedNamespaces = v.pipe(
  mapping({
    from: v.optional(
      described(
        v.picklist(['All', 'Same', 'Selector']),
        "All, Same for the gateway's own, or Selector for those whose labels it selects.",
      ),
      'All',
    ),
    selector: v.optional(described(labelSelector, 'Which namespaces, by their labels.')),
  }),
  v.check(({ from, selector }) => from !== 'Selector' || selector !== undefined, selectorNeeded.message),
  v.check(({ from, selector }) => from === 'Selector' || selector === undefined, selectorUnused.message),
)

export const gatewaySpec = mapping({
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
      mapping({
        namespaces: v.optional(allowedNamespaces),
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
