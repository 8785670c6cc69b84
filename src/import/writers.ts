import * as v from 'valibot'
import { type ExternalDNSController, externalDNSController } from '../api/dns-configuration.ts'
import { controllerAnnotations, controllerAnnotationValue, label } from '../api/labels.ts'
import { labelValue } from '../api/names.ts'
import { type KubeObject, refOf } from '../api/object.ts'
import type { Writer } from '../engine/derive/wanted.ts'
import type { Finding } from '../engine/finding.ts'
import { Votes } from './votes.ts'

/** Which ExternalDNS instances there are, as far as it is known before the DNSEndpoints are looked at. */
export interface KnownControllers {
  readonly controllers: readonly ExternalDNSController[]
  /** A DNSConfiguration names them, so there are no others. */
  readonly isComplete: boolean
  /** The label that alone counts. */
  readonly controllerLabel: string | undefined
}

export type WriterAnswer = { readonly writer: Writer } | { readonly problem: Finding }

interface Clues {
  /** Names of instances that labels and annotations state. */
  readonly names: readonly string[]
  readonly annotations: readonly string[]
  readonly region: string | undefined
}

/**
 * Which ExternalDNS instance reads a hand-made DNSEndpoint, and whose zone it writes.
 *
 * | labels, annotations                      | known             | answer                        |
 * | ---------------------------------------- | ----------------- | ----------------------------- |
 * | router.io/controller: external-dns-weu   |                   | external-dns-weu, zone weu    |
 * | annotation external-dns-weu              |                   | the same                      |
 * | app: external-dns-weu                    |                   | the same                      |
 * | app: shop, router.io/region: weu         |                   | the same                      |
 * | router.io/controller: dns                | dns of region weu | dns, zone weu                 |
 * | none of them                             | dns of region weu | dns, zone weu                 |
 * | none of them                             |                   | (a problem)                   |
 * | two that contradict each other           |                   | (a problem)                   |
 */
export const writersOf = (
  objects: readonly KubeObject[],
  known: KnownControllers,
): ((object: KubeObject) => WriterAnswer) => {
  const byValue = new Map(known.controllers.map(controller => [labelValue(controller.name), controller]))
  const regions = statedRegions(objects, known, byValue)
  return object => {
    const clues = cluesOf(object, known, byValue)
    const name = nameFrom(clues, known)
    if (typeof name !== 'string') return { problem: problemOf(object, name.message, name.hint) }
    const stated = byValue.get(labelValue(name))
    if (stated === undefined && known.isComplete)
      return {
        problem: problemOf(
          object,
          `the DNSConfiguration has no controller ${name}, which the labels name`,
          'add the controller to the DNSConfiguration, or correct the labels',
        ),
      }
    const region = stated?.region ?? regionOf(regions.get(name))
    const writer = { name: stated?.name ?? name, region }
    if (region === undefined || !v.is(externalDNSController, writer))
      return {
        problem: problemOf(
          object,
          `the region whose zone ${name} writes cannot be told`,
          `add --controller ${name}=REGION`,
        ),
      }
    return contradicts(clues, writer.name, region)
      ? { problem: severalNamed(object, [...clues.names, ...clues.annotations, clues.region ?? '']) }
      : { writer: { controller: writer.name, zone: region } }
  }
}

const cluesOf = (
  { metadata: { labels = {}, annotations = {} } }: KubeObject,
  { controllerLabel }: KnownControllers,
  byValue: ReadonlyMap<string, unknown>,
): Clues => {
  const region = labels[label.region]
  if (controllerLabel !== undefined)
    return { names: present([labels[controllerLabel]]), annotations: [], region }
  const app = labels[label.app]
  // Charts have an `app` too, and mean their own application with it.
  const isInstance = app !== undefined && (byValue.has(app) || app.startsWith('external-dns'))
  return {
    names: present([labels[label.controller], isInstance ? app : undefined]),
    annotations: present(controllerAnnotations.map(key => annotations[key])),
    region,
  }
}

const present = (values: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(values.flatMap(value => (value === undefined || value === '' ? [] : [value]))),
]

interface Unclear {
  readonly message: string
  readonly hint: string
}

const nameFrom = (
  { names, annotations, region }: Clues,
  { controllers, controllerLabel, isComplete }: KnownControllers,
): string | Unclear => {
  const [name, otherName] = names
  if (otherName !== undefined) return severalUnclear(names)
  if (name !== undefined) return name
  if (region !== undefined && controllerLabel === undefined) {
    const there = controllers.filter(controller => controller.region === region).map(each => each.name)
    const [first, second] = there
    const meant = there.find(each => annotations.includes(each))
    if (meant !== undefined) return meant
    if (second !== undefined) return severalUnclear(there)
    if (first !== undefined) return first
  }
  const [annotated, otherAnnotation] = annotations
  if (otherAnnotation !== undefined) return severalUnclear(annotations)
  if (annotated !== undefined) return annotated
  if (region !== undefined && controllerLabel === undefined) return `external-dns-${region}`
  const [only, another] = controllers
  if (only !== undefined && another === undefined) return only.name
  return {
    message:
      controllerLabel === undefined
        ? 'no label or annotation says which ExternalDNS instance reads this DNSEndpoint'
        : `it has no label ${controllerLabel}, which is to say which ExternalDNS instance reads it`,
    hint: isComplete
      ? 'give it the label router.io/controller with the name of its instance; where a label of yours has that, add --controller-label KEY'
      : 'add --controller NAME=REGION where there is one instance alone; where a label of yours tells them apart, --controller-label KEY',
  }
}

const severalUnclear = (names: readonly string[]): Unclear => ({
  message: `labels and annotations say ${names.join(' and ')}, and one alone can read this DNSEndpoint`,
  hint: 'correct them, or say with --controller-label KEY which label counts',
})

const severalNamed = (object: KubeObject, names: readonly string[]): Finding => {
  const { message, hint } = severalUnclear([...new Set(names.filter(name => name !== ''))])
  return problemOf(object, message, hint)
}

/** srouter's own annotation names the region's instance, also where a region has several. */
const contradicts = ({ annotations, region }: Clues, name: string, zone: string): boolean =>
  (region !== undefined && region !== zone) ||
  annotations.some(value => value !== name && value !== controllerAnnotationValue(zone))

/** By instance that nobody has told of: which region its DNSEndpoints say, by label, else by the instance's name. */
const statedRegions = (
  objects: readonly KubeObject[],
  known: KnownControllers,
  byValue: ReadonlyMap<string, ExternalDNSController>,
): ReadonlyMap<string, Votes> => {
  const regions = new Map<string, Votes>()
  for (const object of objects) {
    const clues = cluesOf(object, known, byValue)
    const name = nameFrom(clues, known)
    if (typeof name !== 'string') continue
    const region = clues.region ?? /^external-dns-(.+)$/.exec(name)?.[1]
    const votes = regions.get(name) ?? new Votes()
    regions.set(name, votes)
    if (region !== undefined) votes.add(region)
  }
  return regions
}

/** Undefined where it cannot be told. */
const regionOf = (votes: Votes | undefined): string | undefined => {
  const verdict = votes?.verdict()
  return verdict?.state === 'one' ? verdict.value : undefined
}

const problemOf = (object: KubeObject, message: string, hint: string): Finding => ({
  code: 'ControllerUnknown',
  severity: 'warning',
  message,
  hint,
  resource: refOf(object),
  subject: object,
})
