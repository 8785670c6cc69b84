import type { KubeClient } from './client.ts'
import { isNotFound } from './error.ts'

interface Asking {
  readonly signal?: AbortSignal | undefined
}

export interface ServerVersion {
  /** `v1.35.4`, with the additions of the cloud. */
  readonly gitVersion: string
  readonly major: string
  readonly minor: string
}

export const serverVersion = (client: KubeClient, { signal }: Asking = {}): Promise<ServerVersion> =>
  client.json<ServerVersion>({ verb: 'get', on: { path: '/version' }, signal })

interface ApiGroup {
  readonly versions: readonly { readonly version: string }[]
  readonly preferredVersion?: { readonly version: string }
}

/** The versions of a group (`networking.istio.io`), the preferred one first; none where the group is not there. */
export const served = async (
  client: KubeClient,
  group: string,
  { signal }: Asking = {},
): Promise<readonly string[]> => {
  const found = await unlessAbsent(
    client.json<ApiGroup>({ verb: 'get', on: { path: `/apis/${group}` }, signal }),
  )
  if (found === undefined) return []
  const preferred = found.preferredVersion?.version
  const versions = found.versions.map(each => each.version)
  return preferred === undefined
    ? versions
    : [preferred, ...versions.filter(version => version !== preferred)]
}

export interface ServedKind {
  readonly kind: string
  readonly plural: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  /** Whether it has the status subresource. */
  readonly status: boolean
}

interface ApiResourceList {
  readonly resources: readonly {
    readonly name: string
    readonly kind: string
    readonly namespaced: boolean
    readonly verbs: readonly string[]
  }[]
}

/** The kinds of `networking.istio.io/v1`, or of `v1` for the core group; none where that is not served. */
export const servedKinds = async (
  client: KubeClient,
  apiVersion: string,
  { signal }: Asking = {},
): Promise<readonly ServedKind[]> => {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const found = await unlessAbsent(client.json<ApiResourceList>({ verb: 'get', on: { path }, signal }))
  const resources = found?.resources ?? []
  // Subresources stand in the same list as `serviceroutes/status`.
  return resources
    .filter(resource => !resource.name.includes('/'))
    .map(({ name, kind, namespaced, verbs }) => ({
      kind,
      plural: name,
      namespaced,
      verbs,
      status: resources.some(other => other.name === `${name}/status`),
    }))
}

const unlessAbsent = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined
    throw thrown
  }
}
