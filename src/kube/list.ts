import { apiVersionOf, type KindInfo } from '../api/kinds.ts'
import type { KubeObject } from '../api/object.ts'
import type { KubeClient } from './client.ts'
import { isGone } from './error.ts'

export interface Selection {
  /** All namespaces unless given. */
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
}

/** What of each object is kept, as soon as it is read. */
export interface Trimming {
  readonly trim?: <T extends KubeObject>(object: T) => T
}

export interface ListOptions extends Selection, Trimming {
  /** Objects per request; 0 asks for all at once. */
  readonly pageSize?: number
  readonly signal?: AbortSignal | undefined
}

export interface Listed<T> {
  readonly items: readonly T[]
  /** Where a watch goes on from. */
  readonly resourceVersion: string
}

export const defaultPageSize = 500

/** All objects of a kind as they are now (a consistent read), page by page. managedFields are left out. */
export const list = async <T extends KubeObject = KubeObject>(
  client: KubeClient,
  kind: KindInfo,
  options: ListOptions = {},
): Promise<Listed<T>> => {
  const { pageSize = defaultPageSize } = options
  // The server forgets the state that the pages are cut from after some minutes: then from the start, and at last in one
  // piece, which cannot expire.
  for (const size of [pageSize, pageSize]) {
    try {
      return await readPages<T>(client, kind, options, size)
    } catch (thrown) {
      if (!isGone(thrown)) throw thrown
    }
  }
  return readPages<T>(client, kind, options, 0)
}

/**
 * For who deletes what is no longer listed: a list that is empty where objects were is believed only when a second one
 * says the same.
 */
export const confirmedList = async <T extends KubeObject = KubeObject>(
  client: KubeClient,
  kind: KindInfo,
  options: ListOptions & { readonly hadItems: boolean },
): Promise<Listed<T>> => {
  const listed = await list<T>(client, kind, options)
  return listed.items.length > 0 || !options.hadItems ? listed : list<T>(client, kind, options)
}

interface Page {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string }
  readonly items: readonly KubeObject[] | null
}

const readPages = async <T extends KubeObject>(
  client: KubeClient,
  kind: KindInfo,
  { namespace, labelSelector, fieldSelector, signal, trim = whole }: ListOptions,
  pageSize: number,
): Promise<Listed<T>> => {
  const items: T[] = []
  let next: string | undefined
  for (;;) {
    const page: Page = await client.json<Page>({
      verb: 'list',
      on: { kind, namespace },
      query: { labelSelector, fieldSelector, limit: pageSize === 0 ? undefined : pageSize, continue: next },
      signal,
    })
    // A list names the type once for all of its items.
    for (const item of page.items ?? []) items.push(trim(tidy(item as T, kind)))
    next = page.metadata.continue || undefined
    if (next === undefined) return { items, resourceVersion: page.metadata.resourceVersion ?? '' }
  }
}

/** See Trimming. */
export const whole = <T>(object: T): T => object

/** With apiVersion and kind, and without managedFields, which are half of an object's size and read by nobody here. */
export const tidy = <T extends KubeObject>(object: T, kind: KindInfo): T => {
  const { managedFields: _, ...metadata } = object.metadata as T['metadata'] & { managedFields?: unknown }
  return {
    ...object,
    apiVersion: object.apiVersion ?? apiVersionOf(kind),
    kind: object.kind ?? kind.kind,
    metadata,
  }
}
