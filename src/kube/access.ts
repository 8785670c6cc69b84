import { apiVersionOf, type KindInfo } from '../api/kinds.ts'
import type { KubeClient } from './client.ts'
import { SelfSubjectAccessReview, SubjectAccessReview } from './kinds.ts'
import type { Verb } from './request.ts'

export interface Permission {
  readonly verb: Verb | 'deletecollection'
  readonly kind: Pick<KindInfo, 'group' | 'plural'>
  /** All namespaces unless given. */
  readonly namespace?: string | undefined
  readonly name?: string | undefined
  readonly subresource?: string | undefined
}

/** Somebody else than the client's own user. */
export interface Subject {
  readonly user: string
  readonly groups: readonly string[]
}

/**
 * Whether the client's own user may do it, or `subject`, as the API server would decide (`kubectl auth can-i`). To ask
 * about others is a permission of its own.
 */
export const allowed = async (
  client: KubeClient,
  { verb, kind, namespace, name, subresource }: Permission,
  { signal, subject }: { readonly signal?: AbortSignal | undefined; readonly subject?: Subject } = {},
): Promise<boolean> => {
  const review = subject === undefined ? SelfSubjectAccessReview : SubjectAccessReview
  const { status } = await client.json<{ readonly status?: { readonly allowed?: boolean } }>({
    verb: 'create',
    on: { kind: review },
    body: {
      apiVersion: apiVersionOf(review),
      kind: review.kind,
      spec: {
        ...subject,
        resourceAttributes: { verb, group: kind.group, resource: kind.plural, namespace, name, subresource },
      },
    },
    signal,
  })
  return status?.allowed === true
}
