import * as v from 'valibot'
import {
  commonStatus,
  described,
  dnsLabel,
  nameserver,
  objectNameField,
  ttlSeconds,
  txtPrefix,
} from './fields.ts'
import { mapping } from './mapping.ts'

export const externalDNSController = mapping({
  name: objectNameField('The name of the ExternalDNS instance, for example external-dns-weu.'),
  region: dnsLabel('The region whose zone it writes.'),
  txtPrefix: v.optional(txtPrefix('Its --txt-prefix for routes. Known prefixes are checked and reserved.')),
  gatewayTxtPrefix: v.optional(
    txtPrefix('The --txt-prefix of the instance for gateways, where routes and gateways have one each.'),
  ),
  nameservers: v.optional(
    described(
      v.pipe(v.array(nameserver('A name server.')), v.maxLength(16)),
      'Servers, as ip[:port], that answer for the zone of this region.',
    ),
  ),
})

/** What `x-kubernetes-list-type: map` means to the API server; reported at the second of the two. */
const uniqueNames = v.rawCheck<ExternalDNSController[]>(({ dataset, addIssue }) => {
  if (!dataset.typed) return
  const input = dataset.value
  const seen = new Set<string>()
  for (const [key, value] of input.entries()) {
    const path: [v.ArrayPathItem] = [{ type: 'array', origin: 'value', input, key, value }]
    if (seen.has(value.name)) addIssue({ message: `two controllers have the name "${value.name}"`, path })
    seen.add(value.name)
  }
})

export const dnsConfigurationSpec = mapping({
  externalDNSControllers: described(
    v.pipe(
      v.array(externalDNSController),
      v.minLength(1),
      v.maxLength(256),
      uniqueNames,
      v.metadata({ listType: 'map', listMapKeys: ['name'] }),
    ),
    'Every ExternalDNS instance there is, in all regions.',
  ),
  ttl: v.optional(
    described(
      mapping({
        route: v.optional(ttlSeconds('Seconds for the CNAME records of routes.'), 300),
        gateway: v.optional(ttlSeconds('Seconds for the address records of gateways.'), 60),
      }),
      'How long resolvers may keep a record.',
    ),
  ),
})

export const dnsConfigurationStatus = v.looseObject({ ...commonStatus })

export type ExternalDNSController = v.InferOutput<typeof externalDNSController>
export type DNSConfigurationSpec = v.InferOutput<typeof dnsConfigurationSpec>

export const defaultTTL = { route: 300, gateway: 60 } as const

/** The --txt-prefix of the instance that writes routes, or gateways; one instance may write both. */
export const txtPrefixFor = (
  { txtPrefix, gatewayTxtPrefix }: Pick<ExternalDNSController, 'txtPrefix' | 'gatewayTxtPrefix'>,
  written: 'route' | 'gateway',
): string | undefined => (written === 'route' ? txtPrefix : (gatewayTxtPrefix ?? txtPrefix))
