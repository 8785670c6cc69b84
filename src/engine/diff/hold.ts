import type { Endpoint } from '../../api/foreign.ts'
import { distinctObjectName } from '../../api/names.ts'
import { endpointsOf } from '../current.ts'
import type { Writer } from '../derive/wanted.ts'
import type { Verdict } from './brake.ts'
import { owned } from './owned.ts'
import type { Held, States } from './state.ts'

/**
 * The state after the plan with the held-back records as they are now: they go back into the object that holds
 * them, and everything else of that object is done.
 */
export const hold = (states: States, { held, reason }: Verdict): ReadonlyMap<string, Held> => {
  if (held.length === 0) return states.after
  const after = new Map(states.after)
  for (const { record, after: next } of held) {
    const holder = states.before.get(record.holder)
    const endpoint = holder === undefined ? undefined : find(endpointsOf(holder.object), record)
    if (holder === undefined || endpoint === undefined) continue
    if (next !== undefined) {
      const other = after.get(next.holder)
      if (other !== undefined) edit(after, next.holder, other, drop(endpointsOf(other.object), record))
    }
    makeRoom(after, record.holder, holder)
    const present = after.get(record.holder)
    if (present !== undefined)
      edit(after, record.holder, present, [...drop(endpointsOf(present.object), record), endpoint])
    else
      after.set(record.holder, {
        ...holder,
        object: { ...owned(holder.object, holder.object), spec: { endpoints: [endpoint] } },
        kept: `held back: ${reason}`,
      })
  }
  return after
}

/**
 * An object that is to pass to another ExternalDNS instance cannot hold a record of the one that it has: what is
 * wanted of it gets another name as long as it does.
 */
const makeRoom = (after: Map<string, Held>, key: string, holder: Held): void => {
  const present = after.get(key)
  if (present === undefined || sameWriter(present.writer, holder.writer)) return
  const { metadata } = present.object
  const name = distinctObjectName(metadata.name, `${present.writer.controller}/${present.writer.zone}`)
  after.delete(key)
  after.set(`${metadata.namespace ?? ''}/${name}`, {
    ...present,
    object: { ...present.object, metadata: { ...metadata, name } },
  })
}

const sameWriter = (a: Writer, b: Writer): boolean => a.controller === b.controller && a.zone === b.zone

interface Named {
  readonly name: string
  readonly type: string
}

const find = (endpoints: readonly Endpoint[], { name, type }: Named): Endpoint | undefined =>
  endpoints.find(endpoint => endpoint.dnsName === name && endpoint.recordType === type)

const drop = (endpoints: readonly Endpoint[], { name, type }: Named): readonly Endpoint[] =>
  endpoints.filter(endpoint => endpoint.dnsName !== name || endpoint.recordType !== type)

const edit = (after: Map<string, Held>, key: string, held: Held, endpoints: readonly Endpoint[]): void => {
  if (endpoints.length === 0) after.delete(key)
  else after.set(key, { ...held, object: { ...held.object, spec: { endpoints } } })
}
