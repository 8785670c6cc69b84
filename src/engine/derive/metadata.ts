import type { KubeObject, OwnerReference } from '../../api/object.ts'

/** A reference to the owner, for garbage collection; none where the API server has not given it a uid yet. */
export const ownedBy = (owner: KubeObject): readonly OwnerReference[] =>
  owner.metadata.uid === undefined
    ? []
    : [
        {
          apiVersion: owner.apiVersion,
          kind: owner.kind,
          name: owner.metadata.name,
          uid: owner.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ]
