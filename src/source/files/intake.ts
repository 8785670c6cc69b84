import { type KubeObject, refOf, shortName } from '../../api/object.ts'
import type { FieldPath } from '../../engine/finding.ts'
import { type Classified, Classifier } from './classify.ts'
import type { Code } from './codes.ts'
import { type Details, Report } from './findings.ts'
import { checkMetadata, few, type UsableMetadata } from './metadata.ts'
import { unknownField } from './metadata-trouble.ts'
import type { Origin } from './origin.ts'
import { Origins } from './places.ts'
import { Register } from './register.ts'
import { type Inherited, inherited, isKustomization, isList, isMap, nounOf, refIfNamed } from './shape.ts'

type Known = Extract<Classified, { is: 'known' }>

const objectFields = ['apiVersion', 'kind', 'metadata', 'spec', 'status']

/** Takes what the readers found in files, value by value, and keeps the objects that srouter reads. */
export class Intake {
  readonly objects: KubeObject[] = []
  readonly report = new Report()
  readonly skipped = new Map<string, number>()
  readonly origins = new Origins()
  readonly #classifier = new Classifier()
  readonly #register = new Register()

  constructor(private readonly namespace: string | undefined) {}

  /**
   * Takes one value: a resource or a List of them. `itemOrigins` are those of a List's items, where they are known.
   * The answer is the router resource that was kept, of a List any of them.
   */
  admit(value: unknown, origin: Origin, itemOrigins?: readonly Origin[]): KubeObject | undefined {
    return this.#admit(value, origin, itemOrigins, undefined)
  }

  /** Takes one item of a List that is `list` apart from its items. */
  admitItem(value: unknown, origin: Origin, list: Record<string, unknown>): KubeObject | undefined {
    return this.#admit(value, origin, undefined, inherited(list))
  }

  /** Whether mistakes within the value are any of our business: it is a resource that is read, or tries to be one. */
  concerns(value: unknown): boolean {
    if (!isMap(value)) return false
    const { apiVersion, kind } = value
    if (isList(value)) return true
    const found = this.#classifier.classify(apiVersion, kind)
    return found.is === 'known' || (found.is === 'mistaken' && found.code !== 'NotAResource')
  }

  #report(code: Code, message: string, origin: Origin, path: FieldPath, details?: Details): void {
    this.report.add(code, message, () => this.origins.placeIn(origin, path), details)
  }

  #admit(
    value: unknown,
    origin: Origin,
    itemOrigins: readonly Origin[] | undefined,
    list: Inherited | undefined,
  ): KubeObject | undefined {
    if (!isMap(value)) {
      // An empty document is nothing, an empty item is a mistake.
      if (value === null && list === undefined) return undefined
      this.#report('NotAResource', `this is ${nounOf(value)}, not a resource`, origin, [])
      return undefined
    }
    if (isList(value)) return this.#admitList(value, origin, itemOrigins)
    const inherits = list !== undefined && value.apiVersion === undefined && value.kind === undefined
    const { apiVersion, kind } = inherits ? list : value
    const found = this.#classifier.classify(apiVersion, kind)
    if (found.is === 'known') return this.#keep(found, value, origin)
    if (found.is === 'other') this.skipped.set(found.name, (this.skipped.get(found.name) ?? 0) + 1)
    else this.#mistaken(found, value, origin)
    return undefined
  }

  #admitList(
    list: Record<string, unknown>,
    origin: Origin,
    itemOrigins: readonly Origin[] | undefined,
  ): KubeObject | undefined {
    const items = Array.isArray(list.items) ? list.items : []
    const known = itemOrigins?.length === items.length ? itemOrigins : undefined
    const parent = inherited(list)
    let kept: KubeObject | undefined
    items.forEach((item, index) => {
      const itemOrigin = known?.[index] ?? { ...origin, path: [...origin.path, 'items', index] }
      const object = this.#admit(item, itemOrigin, undefined, parent)
      kept ??= object
    })
    return kept
  }

  #mistaken(
    found: Extract<Classified, { is: 'mistaken' }>,
    value: Record<string, unknown>,
    origin: Origin,
  ): void {
    const { code, message, field } = found
    if (code === 'NotAResource' && value.kind === undefined && isKustomization(origin.file.name)) return
    this.#report(code, message, origin, field === undefined ? [] : [field], {
      hint: found.hint,
      ...(found.severity === undefined ? {} : { severity: found.severity }),
      resource: refIfNamed(value),
    })
  }

  #keep(known: Known, value: Record<string, unknown>, origin: Origin): KubeObject | undefined {
    const { metadata, troubles } = checkMetadata(value.metadata, known.router)
    if (troubles.length > 0) {
      const resource = refIfNamed({ ...value, apiVersion: known.apiVersion, kind: known.kind })
      for (const { code, message, path, hint } of troubles)
        this.#report(code, message, origin, path, { hint, resource })
    }
    if (known.router) this.#checkFields(value, origin)
    if (metadata === undefined) return undefined
    const namespace = this.#namespaceOf(known, metadata, origin)
    if (namespace === undefined) return undefined
    const names = this.#register.names(known.info, namespace)
    const first = names.indexes.get(metadata.name)
    const object = completed(value, known, metadata, names.namespace)
    if (first !== undefined) {
      this.#reportDuplicate(object, this.objects[first], origin)
      return undefined
    }
    names.indexes.set(metadata.name, this.objects.length)
    this.objects.push(object)
    this.origins.add(object, origin)
    return known.router ? object : undefined
  }

  #checkFields(value: Record<string, unknown>, origin: Origin): void {
    const unknown: string[] = []
    for (const field in value) if (!objectFields.includes(field)) unknown.push(field)
    for (const field of few(unknown)) {
      const { code, message, path, hint } = unknownField([field], objectFields)
      this.#report(code, message, origin, path, { hint, resource: refIfNamed(value) })
    }
  }

  /** The namespace that counts, '' for a cluster-scoped kind, or undefined where one is missing. */
  #namespaceOf(known: Known, metadata: UsableMetadata, origin: Origin): string | undefined {
    const { name, namespace = '' } = metadata
    const { apiVersion, kind, info } = known
    if (info.namespaced && namespace !== '') return namespace
    if (!info.namespaced && namespace === '') return ''
    if (info.namespaced && this.namespace !== undefined) return this.namespace
    const resource = { apiVersion, kind, name }
    if (info.namespaced) {
      this.#report('MissingNamespace', `${kind} ${name} names no namespace`, origin, ['metadata'], {
        resource,
      })
      return undefined
    }
    const message = `${kind} ${name} is cluster-scoped, but names the namespace ${namespace}`
    this.#report('NamespaceIgnored', message, origin, ['metadata', 'namespace'], { resource })
    return ''
  }

  #reportDuplicate(object: KubeObject, first: KubeObject | undefined, origin: Origin): void {
    const place = first === undefined ? undefined : this.origins.start(first)
    const where = place === undefined ? '' : `, in ${place.file}:${place.line}`
    const resource = refOf(object)
    const message = `${resource.kind} ${shortName(resource)} is there already${where}`
    this.#report('DuplicateResource', message, origin, [], { resource })
  }
}

/**
 * The value as an object, with its namespace filled in. It is not copied, and its strings that are the same in many
 * objects become one each: of 100,000 objects, that is a fifth of the memory.
 */
const completed = (
  value: Record<string, unknown>,
  { apiVersion, kind, info }: Known,
  metadata: UsableMetadata,
  namespace: string,
): KubeObject => {
  if (info.namespaced) metadata.namespace = namespace
  else if ('namespace' in metadata) delete metadata.namespace
  value.apiVersion = apiVersion
  value.kind = kind
  value.metadata = metadata
  return value as Record<string, unknown> & KubeObject
}
