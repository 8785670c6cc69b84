import type { ResourceRef } from '../../../src/api/object.ts'
import type { ControlPlane } from '../../lab/cluster.ts'

/** A JSON merge patch by another manager, as `kubectl edit` and `kubectl annotate` send it. */
export const edit = async (
  plane: ControlPlane,
  ref: ResourceRef,
  patch: object,
  subresource: '' | '/status' = '',
): Promise<void> => {
  const path = `${await plane.pathOf(ref)}${subresource}?fieldManager=kubectl-edit`
  const { status, body } = await plane.request('PATCH', path, patch, {
    contentType: 'application/merge-patch+json',
  })
  if (status !== 200) throw new Error(`PATCH ${path}: ${status} ${JSON.stringify(body)}`)
}

/** Creates an object as somebody else. */
export const create = async (plane: ControlPlane, object: object, ref: ResourceRef): Promise<void> => {
  const path = `${await plane.pathOf(ref, 'collection')}?fieldManager=somebody`
  const { status, body } = await plane.request('POST', path, object)
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${JSON.stringify(body)}`)
}

/** The object with everything that the server has of it, to be compared byte by byte. */
export const raw = async (plane: ControlPlane, ref: ResourceRef): Promise<string> => {
  const { status, body } = await plane.request('GET', await plane.pathOf(ref))
  if (status !== 200) throw new Error(`no ${ref.kind} ${ref.name}`)
  return JSON.stringify(body)
}
