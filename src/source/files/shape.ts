import type { ResourceRef } from '../../api/object.ts'

export const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `List`, as kubectl prints it, and the typed lists of the API server, such as ServiceRouteList. */
export const isList = (value: Record<string, unknown>): boolean =>
  typeof value.kind === 'string' &&
  value.kind.endsWith('List') &&
  (Array.isArray(value.items) || (value.items === null && 'items' in value))

/** What an item of a typed list may leave out. */
export interface Inherited {
  readonly apiVersion: unknown
  readonly kind: string
}

export const inherited = (list: Record<string, unknown>): Inherited => ({
  apiVersion: list.apiVersion,
  kind: String(list.kind).slice(0, -'List'.length),
})

export const isKustomization = (file: string): boolean =>
  /(^|[\\/])(kustomization\.ya?ml|Kustomization)$/.test(file)

export const refIfNamed = (value: Record<string, unknown>): ResourceRef | undefined => {
  const { apiVersion, kind, metadata } = value
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || !isMap(metadata)) return undefined
  const { name, namespace } = metadata
  if (typeof name !== 'string') return undefined
  return { apiVersion, kind, ...(typeof namespace === 'string' ? { namespace } : {}), name }
}

export const nounOf = (value: unknown): string => {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return `a ${typeof value === 'string' ? 'text' : typeof value}`
}
