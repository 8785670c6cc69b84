/**
 * A document on its way out: the members of its outermost object, in order. The items of a list are made one
 * at a time, so that 200,000 records are never there twice.
 */
export type Document = Iterable<readonly [key: string, member: Member]>

export type Member =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: Iterable<object> }

export const value = (data: unknown): Member => ({ kind: 'value', value: data })

/** `items` are turned into data only when the list is written. */
export const list = <T>(items: Iterable<T>, data: (item: T) => object): Member => ({
  kind: 'list',
  items: mapped(items, data),
})

function* mapped<T>(items: Iterable<T>, data: (item: T) => object): Generator<object> {
  for (const item of items) yield data(item)
}

/** Left out, as JSON leaves out what is undefined. */
export const isAbsent = (member: Member): boolean => member.kind === 'value' && member.value === undefined
