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

export const externalDNSController = v.strictObject({
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

export const dnsConfigurationSpec = v.strictObject({
  externalDNSControllers: described(
    v.pipe(
      v.array(externalDNSController),
      v.minLength(1),
      v.maxLength(256),
      v.metadata({ listType: 'map', listMapKeys: ['name'] }),
    ),
    'Every ExternalDNS instance there is, in all regions.',
  ),
  ttl: v.optional(
    described(
      v.strictObject({
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
