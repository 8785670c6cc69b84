import { type KubeObject, type ResourceRef, refOf } from '../api/object.ts'

/** What a record set holds. `ttl` in seconds, null where none is set. */
export interface RecordData {
  readonly ttl: number | null
  readonly targets: readonly string[]
}

/** A resource that asks for a record. `subject` is the object itself, for whoever knows the files. */
export interface Source extends ResourceRef {
  readonly subject?: KubeObject
}

export type KnownSource = Source & Required<Pick<Source, 'subject'>>

export const sourceOf = (subject: KubeObject): KnownSource => ({ ...refOf(subject), subject })

/** One record set of one ExternalDNS instance, before and after. */
export interface RecordChange {
  readonly action: 'add' | 'change' | 'delete' | 'unchanged'
  /** The brake holds it back: `apply` leaves the record as it is. */
  readonly held: boolean
  /** The region whose zone it is in. */
  readonly zone: string
  readonly controller: string
  readonly name: string
  readonly type: string
  /** After the change; of a deletion, what is deleted. */
  readonly ttl: number | null
  readonly targets: readonly string[]
  readonly before: RecordData | null
  /** The resource that asks for it, or null where that is gone and unknown. */
  readonly source: Source | null
  readonly reason: string
}

/** One object to write. `before` is absent on create, `after` on delete; both carry only what srouter owns. */
export interface ObjectChange {
  readonly action: 'create' | 'update' | 'delete' | 'unchanged'
  readonly ref: ResourceRef
  readonly before?: KubeObject
  readonly after?: KubeObject
  readonly reason: string
}

export interface Summary {
  readonly add: number
  readonly change: number
  readonly delete: number
  readonly unchanged: number
  /** Deletions and changes that the brake holds back; they are in none of the other counts. */
  readonly held: number
}
