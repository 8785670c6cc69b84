import {
  apiVersionOf,
  clusterGroup,
  IstioGateway,
  type KindInfo,
  knownKinds,
  type RouterKind,
  routerKinds,
  routerVersion,
  routingGroup,
} from '../../api/kinds.ts'
import { groupOf } from '../../api/object.ts'
import { suggest } from '../../lib/suggest.ts'
import type { Code } from './codes.ts'

export type Classified =
  /** A kind that srouter reads; `apiVersion` and `kind` are the same strings for all its objects. */
  | {
      readonly is: 'known'
      readonly info: KindInfo
      readonly router: boolean
      readonly apiVersion: string
      readonly kind: string
    }
  | { readonly is: 'other'; readonly name: string }
  | {
      readonly is: 'mistaken'
      readonly code: Code
      readonly severity?: 'error' | 'warning'
      readonly message: string
      readonly hint?: string
      readonly field: 'apiVersion' | 'kind' | undefined
    }

/** Versions with the same shape as the one in the table of kinds. */
const otherVersions: readonly (readonly [KindInfo, string])[] = [
  [IstioGateway, 'v1beta1'],
  [IstioGateway, 'v1alpha3'],
]

const ourGroups = [clusterGroup, routingGroup]
const ourKindNames = routerKinds.map(({ kind }) => kind)
/** Names that other projects have as well. */
const sharedNames = new Set(['Gateway', 'DNSPolicy'])

/**
 * Tells which kind a resource is of, and what was meant where it looks like one of ours.
 *
 * | apiVersion                    | kind         | answer                                        |
 * | ----------------------------- | ------------ | --------------------------------------------- |
 * | routing.router.io/v1alpha1    | ServiceRoute | known                                         |
 * | routing.router.io/v1          | ServiceRoute | UnknownVersion                                |
 * | routing.router.io/v1alpha1    | ServiceRout  | UnknownKind, did you mean ServiceRoute        |
 * | cluster.router.io/v1alpha1    | ServiceRoute | UnknownGroup, did you mean routing.router.io  |
 * | v1alpha1, or none             | ServiceRoute | UnknownGroup, NotAResource                    |
 * | gateway.networking.k8s.io/v1  | Gateway      | other                                         |
 */
export class Classifier {
  /** By apiVersion, then kind. Folders hold many objects of few kinds. */
  readonly #answers = new Map<string, Map<string, Classified>>()

  constructor() {
    for (const info of knownKinds) this.#remember(info, apiVersionOf(info))
    for (const [info, version] of otherVersions) this.#remember(info, `${info.group}/${version}`)
  }

  classify(apiVersion: unknown, kind: unknown): Classified {
    if (typeof apiVersion !== 'string' || apiVersion === '') return withoutVersion(apiVersion, kind)
    if (typeof kind !== 'string' || kind === '') return withoutKind(apiVersion, kind)
    let kinds = this.#answers.get(apiVersion)
    if (kinds === undefined) {
      kinds = new Map()
      this.#answers.set(apiVersion, kinds)
    }
    let answer = kinds.get(kind)
    if (answer === undefined) {
      answer = unknown(apiVersion, kind)
      kinds.set(kind, answer)
    }
    return answer
  }

  #remember(info: KindInfo, apiVersion: string): void {
    const kinds = this.#answers.get(apiVersion) ?? new Map<string, Classified>()
    const router = ourGroups.includes(info.group)
    kinds.set(info.kind, { is: 'known', info, router, apiVersion, kind: info.kind })
    this.#answers.set(apiVersion, kinds)
  }
}

const unknown = (apiVersion: string, kind: string): Classified => {
  const group = groupOf(apiVersion)
  if (ourGroups.includes(group)) return unknownInOurGroup(apiVersion, group, kind)
  const meant = meantGroup(apiVersion, group, kind)
  if (meant === undefined) return { is: 'other', name: group === '' ? kind : `${group}/${kind}` }
  return {
    is: 'mistaken',
    code: 'UnknownGroup',
    message: `there is no kind ${kind} in apiVersion ${apiVersion}`,
    hint: `Did you mean ${meant}/${routerVersion}?`,
    field: 'apiVersion',
  }
}

const unknownInOurGroup = (apiVersion: string, group: string, kind: string): Classified => {
  const namesakes = routerKinds.filter(info => info.kind === kind)
  const here = namesakes.find(info => info.group === group)
  if (here !== undefined)
    return {
      is: 'mistaken',
      code: 'UnknownVersion',
      message: `${kind} has no version ${apiVersion.slice(group.length + 1)}`,
      hint: `Write apiVersion: ${apiVersionOf(here)}.`,
      field: 'apiVersion',
    }
  const elsewhere = namesakes[0]
  if (elsewhere !== undefined)
    return {
      is: 'mistaken',
      code: 'UnknownGroup',
      message: `there is no kind ${kind} in group ${group}`,
      hint: `Did you mean ${apiVersionOf(elsewhere)}?`,
      field: 'apiVersion',
    }
  return unknownKind(group, kind)
}

const unknownKind = (group: string, kind: string): Classified => {
  const near =
    suggest(kind, namesOf(routerKinds.filter(info => info.group === group))) ?? suggest(kind, ourKindNames)
  const all = namesOf(routerKinds.filter(info => info.group === group)).join(', ')
  return {
    is: 'mistaken',
    code: 'UnknownKind',
    message: `there is no kind ${kind} in group ${group}`,
    hint: near === undefined ? `Its kinds are ${all}.` : `Did you mean ${near}?`,
    field: 'kind',
  }
}

/** The group of ours that was most likely meant, if any. */
const meantGroup = (apiVersion: string, group: string, kind: string): string | undefined => {
  const sameKind = routerKinds.find(info => info.kind === kind)
  // `apiVersion: v1alpha1`: the group was forgotten. Kubernetes itself has no such version.
  if (group === '' && sameKind !== undefined)
    return sharedNames.has(kind) && apiVersion !== routerVersion ? undefined : sameKind.group
  const isNear = group.includes('router.io') || suggest(group, ourGroups) !== undefined
  if (!isNear) return undefined
  return (sameKind ?? routerKinds.find(info => info.kind === suggest(kind, ourKindNames)))?.group
}

const withoutVersion = (apiVersion: unknown, kind: unknown): Classified => {
  const ours = routerKinds.find(info => info.kind === kind)
  const which = typeof kind === 'string' && kind !== '' ? `this ${kind}` : 'this'
  if (ours !== undefined)
    return {
      is: 'mistaken',
      code: 'NotAResource',
      severity: 'error',
      message: apiVersion === undefined ? `${which} has no apiVersion` : 'apiVersion must be a text',
      hint: `Write apiVersion: ${apiVersionOf(ours)}.`,
      field: apiVersion === undefined ? 'kind' : 'apiVersion',
    }
  return {
    is: 'mistaken',
    code: 'NotAResource',
    message: kind === undefined ? 'this has neither apiVersion nor kind' : `${which} has no apiVersion`,
    field: undefined,
  }
}

const withoutKind = (apiVersion: string, kind: unknown): Classified => {
  const group = groupOf(apiVersion)
  const ours = ourGroups.includes(group)
  return {
    is: 'mistaken',
    code: 'NotAResource',
    severity: ours ? 'error' : 'warning',
    message: kind === undefined ? `this ${apiVersion} has no kind` : 'kind must be a text',
    ...(ours
      ? {
          hint: `The kinds of ${group} are ${namesOf(routerKinds.filter(i => i.group === group)).join(', ')}.`,
        }
      : {}),
    field: kind === undefined ? 'apiVersion' : 'kind',
  }
}

const namesOf = (kinds: readonly RouterKind[]): string[] => kinds.map(({ kind }) => kind)
