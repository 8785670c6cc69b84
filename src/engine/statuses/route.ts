import { routeOwnerKey } from '../current.ts'
import type { JudgedRoute } from '../evaluate.ts'
import { asCompared } from './compared.ts'
import { dnsReady, type Published } from './published.ts'
import { type Fields, ready } from './stated.ts'

export const routeStatus = (route: JudgedRoute, published: Published): Fields => {
  const { trouble, facts, resource } = route
  const own = published.routes.get(routeOwnerKey(resource))
  const endpoints = own?.names.toSorted() ?? []
  const inactive = trouble?.effect === 'inactive'
  const foreign = published.foreign.get(resource.key)
  const broken =
    foreign !== undefined
      ? { reason: 'ForeignObject', message: foreign }
      : own?.failure !== undefined
        ? { reason: 'DNSEndpointGenerationFailed', message: own.failure }
        : undefined
  return {
    ...(broken === undefined ? {} : { phase: 'Error' }),
    ...(facts.host === undefined ? {} : { host: facts.host }),
    ...(facts.target === undefined ? {} : { target: facts.target }),
    ...(endpoints[0] === undefined ? {} : { dnsEndpoint: endpoints[0] }),
    dnsEndpoints: endpoints,
    conditions: [
      broken === undefined ? ready(route) : { type: 'Ready', status: 'False', ...broken },
      ...(inactive
        ? [{ type: 'Active', status: 'False', reason: trouble.code, message: trouble.message } as const]
        : [asCompared(dnsReady(own, trouble), own?.compared, resource.object)]),
    ],
  }
}
