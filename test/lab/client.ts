import type { KubeObject, ResourceRef } from '../../src/api/object.ts'
import { documents } from './documents.ts'
import { GiveUp, waitFor } from './wait.ts'

/** Who asks: a client certificate or a bearer token. */
export type Credentials =
  | { readonly user: string; readonly cert: string; readonly key: string }
  | { readonly user: string; readonly token: string }

export interface Server {
  readonly url: string
  /** PEM. */
  readonly ca: string
}

export interface RequestOptions {
  /** Of the body; `application/json` when absent. */
  readonly contentType?: string
  readonly timeoutMs?: number
}

export interface Reply<T> {
  readonly status: number
  /** Parsed where it is JSON, else the text. */
  readonly body: T
}

/** An object of any kind: some have fields beside the usual (`data`, `rules`). */
export type Manifest = KubeObject & { readonly [field: string]: unknown }

/**
 * The lab's own way to the API server, for preparation and assertions: a test of the product must not believe the
 * product's client.
 */
export interface Client {
  /** The answer, whatever its status. Throws only when there is none. */
  request<T = KubeObject>(
    method: string,
    path: string,
    body?: unknown,
    options?: RequestOptions,
  ): Promise<Reply<T>>
  /** `/apis/router.io/v1/namespaces/a/things/b`; the name is left out with `collection`. */
  pathOf(ref: ResourceRef, collection?: 'collection'): Promise<string>
  /** undefined when there is no such object. */
  read<T = KubeObject>(ref: ResourceRef): Promise<T | undefined>
  list<T = KubeObject>(apiVersion: string, kind: string, namespace?: string): Promise<T[]>
  /** True when there was one to delete. It is gone when its finalizers are. */
  remove(ref: ResourceRef): Promise<boolean>
  /**
   * Server-side applies YAML or objects, CRDs and namespaces first, and waits until the CRDs are established. A `status` is
   * written too: so a Service gets its load balancer's address. Returns what the server made of them.
   */
  applyManifests(
    manifests: string | readonly (KubeObject | Manifest)[],
    options?: ApplyOptions,
  ): Promise<KubeObject[]>
  /** A token from the TokenRequest API. The API server gives none for less than 600 s. */
  serviceAccountToken(namespace: string, name: string, seconds?: number): Promise<string>
  /** The same API server as someone else. */
  as(credentials: Credentials): Client
}

export interface ApplyOptions {
  /** For namespaced objects that name none. */
  readonly namespace?: string
  readonly fieldManager?: string
}

interface ApiResource {
  readonly name: string
  readonly kind: string
  readonly namespaced: boolean
}

/** Kinds in the order in which they have to exist; all others come after. */
const first = ['CustomResourceDefinition', 'Namespace', 'ClusterRole', 'Role', 'ServiceAccount']

export const createClient = (server: Server, credentials: Credentials): Client => {
  const discovered = new Map<string, readonly ApiResource[]>()

  const request = async <T>(
    method: string,
    path: string,
    body?: unknown,
    options: RequestOptions = {},
  ): Promise<Reply<T>> => {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': options.contentType ?? 'application/json' }),
        ...('token' in credentials ? { authorization: `Bearer ${credentials.token}` } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(options.timeoutMs ?? 30_000),
      tls:
        'cert' in credentials
          ? { ca: server.ca, cert: credentials.cert, key: credentials.key }
          : { ca: server.ca },
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') ?? false
    return { status: response.status, body: (json ? JSON.parse(text) : text) as T }
  }

  const expect = async <T>(
    method: string,
    path: string,
    body?: unknown,
    options?: RequestOptions,
  ): Promise<T> => {
    const reply = await request<T>(method, path, body, options)
    if (reply.status >= 400) throw refusal(method, path, reply)
    return reply.body
  }

  const find = async (apiVersion: string, kind: string): Promise<ApiResource | undefined> => {
    const among = (resources: readonly ApiResource[] | undefined) =>
      // Subresources are listed beside: `services/status` has the kind Service too.
      resources?.find(resource => resource.kind === kind && !resource.name.includes('/'))
    const known = among(discovered.get(apiVersion))
    if (known !== undefined) return known
    const reply = await request<{ resources?: ApiResource[] }>('GET', rootOf(apiVersion))
    if (reply.status === 404) return undefined
    if (reply.status >= 400) throw refusal('GET', rootOf(apiVersion), reply)
    discovered.set(apiVersion, reply.body.resources ?? [])
    return among(discovered.get(apiVersion))
  }

  const resourceOf = async (apiVersion: string, kind: string): Promise<ApiResource> => {
    const resource = await find(apiVersion, kind)
    if (resource === undefined) throw new Error(`the API server serves no ${apiVersion} ${kind}`)
    return resource
  }

  const pathOf = async (ref: ResourceRef, collection?: 'collection'): Promise<string> => {
    const resource = await resourceOf(ref.apiVersion, ref.kind)
    if (resource.namespaced && ref.namespace === undefined)
      throw new Error(`${ref.kind} ${ref.name} is namespaced and names no namespace`)
    const inside = resource.namespaced ? `/namespaces/${ref.namespace}` : ''
    const base = `${rootOf(ref.apiVersion)}${inside}/${resource.name}`
    return collection === undefined ? `${base}/${encodeURIComponent(ref.name)}` : base
  }

  const established = async (crd: KubeObject): Promise<void> => {
    const path = `${rootOf(crd.apiVersion)}/customresourcedefinitions/${crd.metadata.name}`
    const what = `CRD ${crd.metadata.name} to be established`
    await waitFor(
      async () => {
        const { spec, status } = await expect<CrdState>('GET', path)
        const is = (type: string) => status?.conditions?.some(c => c.type === type && c.status === 'True')
        if (status?.conditions?.some(c => c.type === 'NamesAccepted' && c.status === 'False'))
          throw new GiveUp(`the names of CRD ${crd.metadata.name} are taken: ${JSON.stringify(status)}`)
        if (!is('Established')) return false
        // Served a moment after that, version by version.
        const served = spec.versions.filter(version => version.served)
        const found = await Promise.all(served.map(v => find(`${spec.group}/${v.name}`, spec.names.kind)))
        if (found.some(resource => resource === undefined)) return false
        // And for a moment after that it answers 429: "storage is (re)initializing".
        const lists = served.map(v => `${rootOf(`${spec.group}/${v.name}`)}/${spec.names.plural}?limit=1`)
        return (await Promise.all(lists.map(list => request('GET', list)))).every(r => r.status === 200)
      },
      { what },
    )
  }

  const applyOne = async (manifest: KubeObject, options: ApplyOptions): Promise<KubeObject> => {
    const { namespaced } = await resourceOf(manifest.apiVersion, manifest.kind)
    const namespace = namespaced ? (manifest.metadata.namespace ?? options.namespace) : undefined
    const { name } = manifest.metadata
    const { apiVersion, kind } = manifest
    const path = await pathOf({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) })
    const query = `?force=true&fieldManager=${encodeURIComponent(options.fieldManager ?? 'lab')}`
    const asApply = { contentType: 'application/apply-patch+yaml' }
    const { status, ...rest } = manifest
    const sent = namespace === undefined ? rest : { ...rest, metadata: { ...rest.metadata, namespace } }
    const applied = await expect<KubeObject>('PATCH', path + query, sent, asApply)
    if (status === undefined || kind === 'CustomResourceDefinition') return applied
    const { metadata } = sent
    const statusOnly = { apiVersion, kind, metadata: { name, namespace: metadata.namespace }, status }
    return expect<KubeObject>('PATCH', `${path}/status${query}`, statusOnly, asApply)
  }

  return {
    request,
    pathOf,
    read: async <T>(ref: ResourceRef) => {
      const path = await pathOf(ref)
      const reply = await request<T>('GET', path)
      if (reply.status === 404) return undefined
      if (reply.status >= 400) throw refusal('GET', path, reply)
      return reply.body
    },
    list: async <T>(apiVersion: string, kind: string, namespace?: string) => {
      const { name } = await resourceOf(apiVersion, kind)
      const inside = namespace === undefined ? '' : `/namespaces/${namespace}`
      return (await expect<{ items: T[] }>('GET', `${rootOf(apiVersion)}${inside}/${name}`)).items
    },
    remove: async ref => {
      const path = await pathOf(ref)
      const reply = await request('DELETE', path)
      if (reply.status === 404) return false
      if (reply.status >= 400) throw refusal('DELETE', path, reply)
      return true
    },
    applyManifests: async (manifests, options = {}) => {
      const all = typeof manifests === 'string' ? documents(manifests) : manifests
      const rank = (object: KubeObject) => {
        const at = first.indexOf(object.kind)
        return at < 0 ? first.length : at
      }
      const applied: KubeObject[] = []
      for (const kind of [...first, undefined]) {
        const now = all.filter(object => first[rank(object)] === kind)
        for (const object of now) applied.push(await applyOne(object, options))
        if (kind === 'CustomResourceDefinition') await Promise.all(now.map(established))
      }
      return applied
    },
    serviceAccountToken: async (namespace, name, seconds = 3600) => {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`
      const body = {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: seconds },
      }
      return (await expect<{ status: { token: string } }>('POST', path, body)).status.token
    },
    as: other => createClient(server, other),
  }
}

interface CrdState {
  readonly spec: {
    readonly group: string
    readonly names: { readonly kind: string; readonly plural: string }
    readonly versions: readonly { readonly name: string; readonly served: boolean }[]
  }
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

const rootOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`

const refusal = (method: string, path: string, reply: Reply<unknown>): Error => {
  const { body } = reply
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : body
  return new Error(`${method} ${path}: ${reply.status} ${String(message)}`)
}
