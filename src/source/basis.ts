import { createHash } from 'node:crypto'
import { clusterGroup, routingGroup } from '../api/kinds.ts'
import { controllerAnnotations, label } from '../api/labels.ts'
import { groupOf, type KubeObject, keyOf } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import type { Gathered } from './gathered.ts'

/**
 * What a plan rests on: inputs by uid and generation (or content, where a kind has no generation), targets by uid and
 * content. What others write into a status does not count.
 */
export const basisOf = ({ inputs, current }: Gathered): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [
      ...inputs.map(object => [keyOf(object), inputBasis(object)] as const),
      ...current.filter(isOurs).map(object => [keyOf(object), targetBasis(object)] as const),
    ].sort(([a], [b]) => (a < b ? -1 : 1)),
  )

const inputBasis = (object: KubeObject): string => {
  const { uid, generation, labels } = object.metadata
  const group = groupOf(object.apiVersion)
  const ours = group === clusterGroup || group === routingGroup
  return ours && generation !== undefined
    ? `${uid} ${generation}`
    : `${uid} ${hash([labels, object.spec, ours ? null : object.status])}`
}

/** Of a target, what srouter writes itself: others may add labels, annotations and owners of their own. */
const targetBasis = ({ metadata, spec }: KubeObject): string => {
  const { uid, labels = {}, annotations = {}, ownerReferences = [] } = metadata
  const own = [
    ownLabels.map(key => labels[key]),
    controllerAnnotations.map(key => annotations[key]),
    ownerReferences.filter(owner => owner.controller),
  ]
  return `${uid} ${hash([own, spec])}`
}

const ownLabels = Object.values(label)

const hash = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

/** The keys at which two bases differ. */
export const changedSince = (
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(key => before[key] !== now[key]).sort()
