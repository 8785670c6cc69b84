import { ServiceRoute } from '../../api/kinds.ts'
import type { KubeObject } from '../../api/object.ts'
import { isForbidden, isNotFound, type KubeClient, list } from '../../kube/index.ts'
import { notInstalled } from '../../source/installed.ts'
import { type StatusKind, type StatusObjects, statusKinds, trimmed } from './objects.ts'

/** Which objects of a kind: of those in namespaces, one namespace alone. */
export const selectionOf = (
  kind: StatusKind,
  namespace: string | undefined,
): { readonly namespace?: string } =>
  namespace !== undefined && (kind === 'ServiceRoute' || kind === 'DNSEndpoint') ? { namespace } : {}

/** Routes must be readable; an application team may read nothing else. */
export const readStatus = async (
  client: KubeClient,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<StatusObjects> => {
  const read = async (kind: StatusKind): Promise<readonly KubeObject[] | undefined> => {
    const options = { ...selectionOf(kind, namespace), signal, trim: trimmed }
    try {
      return (await list(client, statusKinds[kind], options)).items
    } catch (thrown) {
      if (kind === 'ServiceRoute') throw isNotFound(thrown) ? notInstalled(ServiceRoute) : thrown
      if (isForbidden(thrown) || isNotFound(thrown)) return undefined
      throw thrown
    }
  }
  const kinds = Object.keys(statusKinds) as readonly StatusKind[]
  const lists = await Promise.all(kinds.map(async kind => [kind, await read(kind)] as const))
  return Object.fromEntries(lists) as StatusObjects
}
