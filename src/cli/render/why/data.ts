import { type ResourceRef, refOf } from '../../../api/object.ts'
import type { Chain } from '../../../why/chain.ts'
import type { Link } from '../../../why/link.ts'
import type { Subject } from '../../../why/subject.ts'
import { type Document, list, value } from '../document.ts'

/** Additions raise the minor version. */
const formatVersion = '1.0'

export const whyData = ({ subject, links, broken }: Chain): Document => [
  ['formatVersion', value(formatVersion)],
  ['name', value(subject.name ?? null)],
  ['resource', value(resourceOf(subject))],
  ['whole', value(broken === undefined)],
  ['broken', value(broken === undefined ? null : linkData(broken))],
  ['links', list(links, linkData)],
]

const resourceOf = (subject: Subject): ResourceRef | null => {
  switch (subject.kind) {
    case 'route':
      return refOf(subject.route.resource.object)
    case 'gateway':
      return refOf(subject.gateway.resource.object)
    case 'failover':
      return refOf(subject.failover.resource.object)
    default:
      return null
  }
}

const linkData = ({ link, state, zone, reason, message, hint }: Link): object => ({
  link,
  zone: zone ?? null,
  state,
  reason: reason ?? null,
  message,
  hint: hint ?? null,
})
