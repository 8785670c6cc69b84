import type { KindInfo } from '../api/kinds.ts'
import type { KubeClient } from './client.ts'
import { SelfSubjectAccessReview } from './kinds.ts'
import type { Verb } from './request.ts'

export interface Permission {
  readonly verb: Verb | 'deletecollection'
  readonly kind: KindInfo
  /** All namespaces unless given. */
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly subresource?: string | undefined
}

/** Whether the client's own user may do it, as the API server would decide (`kubectl auth can-i`). */
export const allowed = async (
  client: KubeClient,
  { verb, kind, namespace, name, subresource }: Permission,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<boolean> => {
  const review = await client.json<{ readonly status?: { readonly allowed?: boolean } }>({
    verb: 'create',
    on: { kind: SelfSubjectAccessReview },
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: { verb, group: kind.group, resource: kind.plural, namespace, name, subresource },
      },
    },
    signal,
  })
  return review.status?.allowed === true
}
