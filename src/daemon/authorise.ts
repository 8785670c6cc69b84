import type { KubeClient } from '../kube/index.ts'
import type { Gate } from './http.ts'

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean
    readonly user?: { readonly username?: string; readonly uid?: string; readonly groups?: readonly string[] }
  }
}

interface SubjectAccessReview {
  readonly status?: { readonly allowed?: boolean }
}

const path = '/metrics'
/** A scrape comes every few seconds with the same token. */
const keepMs = 60_000
const mostTokens = 256

/**
 * Lets callers see the metrics whom the API server lets: a bearer token that it knows (TokenReview), of a user that may
 * `get` the non-resource URL /metrics (SubjectAccessReview). As controller-runtime's metrics filter does it.
 */
export const metricsGate = (client: KubeClient): Gate => {
  const known = new Map<string, { readonly status: number; readonly at: number }>()
  return async request => {
    const token = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    if (token === undefined) return new Response('unauthorized\n', { status: 401 })
    const remembered = known.get(token)
    const now = client.timing.elapsed()
    const isFresh = remembered !== undefined && now - remembered.at < keepMs
    const status = isFresh ? remembered.status : await ask(client, token)
    if (!isFresh) {
      if (known.size >= mostTokens) known.clear()
      known.set(token, { status, at: now })
    }
    return status === 200 ? undefined : new Response('forbidden\n', { status })
  }
}

const ask = async (client: KubeClient, token: string): Promise<number> => {
  const review = await post<TokenReview>(client, 'authentication.k8s.io', 'TokenReview', 'tokenreviews', {
    token,
  })
  const user = review.status?.user
  if (review.status?.authenticated !== true || user === undefined) return 401
  const access = await post<SubjectAccessReview>(
    client,
    'authorization.k8s.io',
    'SubjectAccessReview',
    'subjectaccessreviews',
    { user: user.username, uid: user.uid, groups: user.groups, nonResourceAttributes: { path, verb: 'get' } },
  )
  return access.status?.allowed === true ? 200 : 403
}

const post = <T>(client: KubeClient, group: string, kind: string, plural: string, spec: object): Promise<T> =>
  client.json<T>({
    verb: 'create',
    on: { kind: { group, version: 'v1', kind, plural, namespaced: false } },
    body: { apiVersion: `${group}/v1`, kind, spec },
  })
