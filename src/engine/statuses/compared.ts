import type { Condition } from '../../api/fields.ts'
import { label } from '../../api/labels.ts'
import type { KubeObject } from '../../api/object.ts'
import { endpointsOf } from '../current.ts'
import type { World } from '../world.ts'
import type { Stated } from './stated.ts'

/** How many of a route's DNSEndpoints are in zones that can be read, and what is known of these. */
export interface Compared {
  count: number
  published: number
  silent: number
  /** The first zone, by name, that answers something else, and what. */
  differs?: { readonly zone: string; readonly message: string }
}

/** Adds what the zone of a DNSEndpoint answers, where the DNSConfiguration says whom to ask. */
export const comparison = ({ controllers, settings }: Pick<World, 'controllers' | 'settings'>) => {
  const readable = new Set(
    controllers.flatMap(({ region, nameservers = [] }) => (nameservers.length > 0 ? region : [])),
  )
  return (own: { compared?: Compared } | undefined, endpoint: KubeObject): void => {
    const { metadata } = endpoint
    const zone = metadata.labels?.[label.region]
    if (own === undefined || zone === undefined || !readable.has(zone)) return
    own.compared ??= { count: 0, published: 0, silent: 0 }
    const { compared } = own
    compared.count++
    const reading = settings.readings?.get(`${metadata.namespace ?? ''}/${metadata.name}`)
    // What was seen of another version says nothing of this one.
    if (reading === undefined || reading.uid !== metadata.uid || reading.generation !== metadata.generation)
      return
    if (reading.state === 'published') compared.published++
    else if (reading.state === 'silent') compared.silent++
    else if (compared.differs === undefined || zone < compared.differs.zone)
      compared.differs = { zone, message: difference(zone, endpoint, reading.answer) }
  }
}

const difference = (zone: string, endpoint: KubeObject, answer: string | undefined): string => {
  const [wanted] = endpointsOf(endpoint)
  const name = wanted?.dnsName ?? endpoint.metadata.name
  const there =
    answer === undefined
      ? `zone ${zone} has no CNAME ${name}`
      : `zone ${zone} answers ${answer} for ${name} and not ${wanted?.targets.join(', ')}`
  return `${there}, though ExternalDNS has read its DNSEndpoint; srouter why ${name} says more`
}

/**
 * Whether the records are published, of a route all of whose DNSEndpoints ExternalDNS has read.
 *
 * | what zones that can be read say                         | reason                        |
 * | ------------------------------------------------------- | ----------------------------- |
 * | there are none: the DNSConfiguration has no nameservers | the one that there is         |
 * | one answers something else, or nothing                  | `DiffersInZone`               |
 * | all have the record                                     | `Published`                   |
 * | some were not asked yet, or nobody asks                 | as before, else the one there |
 * | some have it, and the servers of the others are silent  | the same, else `Published`    |
 */
export const asCompared = (stated: Stated, compared: Compared | undefined, route: KubeObject): Stated => {
  if (stated.status !== 'True' || compared === undefined) return stated
  const { count, published, silent, differs } = compared
  if (differs !== undefined)
    return { type: stated.type, status: 'False', reason: 'DiffersInZone', message: differs.message }
  if (published === count) return isPublished
  const before = said(route)
  if (before !== undefined) return before
  return published > 0 && published + silent === count ? isPublished : stated
}

const isPublished: Stated = {
  type: 'DNSReady',
  status: 'True',
  reason: 'Published',
  message: 'every zone that can be read has the record',
}

/** What its status says of the zones already. Anybody who may write a status may have written anything into it. */
const said = ({ status }: KubeObject): Stated | undefined => {
  const conditions = (status as { readonly conditions?: unknown } | undefined)?.conditions
  if (!Array.isArray(conditions)) return undefined
  const before = (conditions as readonly (Partial<Condition> | null)[]).find(
    condition => condition?.type === 'DNSReady',
  )
  if (before?.reason === 'Published') return isPublished
  if (before?.reason !== 'DiffersInZone' || typeof before.message !== 'string') return undefined
  return { type: 'DNSReady', status: 'False', reason: 'DiffersInZone', message: before.message }
}
