import { apiVersionOf, type KindInfo } from '../api/kinds.ts'

/** What the API server's authorization calls it, hence what a missing permission is named by. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete'

/** An object or a collection (no `name`); a namespaced kind without `namespace` means all namespaces. */
export interface Resource {
  readonly kind: KindInfo
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly subresource?: 'status'
}

/** Something that is no resource: `/version`, `/apis/…`. */
export interface Endpoint {
  readonly path: string
}

export interface KubeRequest {
  readonly verb: Verb
  readonly on: Resource | Endpoint
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** Sent as JSON. */
  readonly body?: unknown
  readonly contentType?: ContentType
  readonly signal?: AbortSignal | undefined
  /** How long one attempt may take, 30 s unless given. */
  readonly timeoutMs?: number
  /** `false`: the first answer counts, whatever it is. For callers with a rhythm of their own. */
  readonly repeat?: boolean
}

export type ContentType =
  | 'application/json'
  | 'application/merge-patch+json'
  | 'application/apply-patch+yaml'
  | 'application/json-patch+json'

export const methodOf: Readonly<Record<Verb, string>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
}

/** `/apis/routing.router.io/v1alpha1/namespaces/app1/serviceroutes/api/status` */
export const pathOf = (on: Resource | Endpoint): string => {
  if ('path' in on) return on.path
  const { kind, namespace, name, subresource } = on
  const parts = [kind.group === '' ? 'api' : 'apis', ...apiVersionOf(kind).split('/')]
  if (kind.namespaced && namespace !== undefined) parts.push('namespaces', namespace)
  parts.push(kind.plural)
  if (name !== undefined) parts.push(name)
  if (subresource !== undefined) parts.push(subresource)
  return `/${parts.map(encodeURIComponent).join('/')}`
}

export const urlOf = (server: string, request: KubeRequest): string => {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(request.query ?? {}))
    if (value !== undefined) query.set(key, String(value))
  const text = query.toString()
  return `${server}${pathOf(request.on)}${text === '' ? '' : `?${text}`}`
}

/** `serviceroutes.routing.router.io "api" in namespace "app1"`, for messages. */
export const wordsOf = (on: Resource | Endpoint): string => {
  if ('path' in on) return on.path
  const { kind, namespace, name, subresource } = on
  const words = [resourceName(kind) + (subresource === undefined ? '' : `/${subresource}`)]
  if (name !== undefined) words.push(`"${name}"`)
  if (kind.namespaced)
    words.push(namespace === undefined ? 'in all namespaces' : `in namespace "${namespace}"`)
  return words.join(' ')
}

/** `serviceroutes.routing.router.io`, as kubectl takes it. */
export const resourceName = (kind: KindInfo): string =>
  kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`
