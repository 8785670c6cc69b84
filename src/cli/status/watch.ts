import { type KubeObject, keyOf } from '../../api/object.ts'
import { createWaker } from '../../daemon/waker.ts'
import { type KubeClient, watch } from '../../kube/index.ts'
import type { Output } from '../../lib/io.ts'
import { joined } from '../render/chunks.ts'
import { frame } from '../render/status/frame.ts'
import { type StatusKind, type StatusObjects, statusKinds, trimmed } from './objects.ts'
import { selectionOf } from './read.ts'
import type { StatusArgs } from './run.ts'
import { type StatusView, viewOf } from './view.ts'

export interface Watched {
  readonly client: KubeClient
  /** What was there first; kinds that may not be read are not watched. */
  readonly objects: StatusObjects
  readonly args: StatusArgs
  readonly output: Output
  readonly show: (view: StatusView) => Iterable<string>
  readonly signal: AbortSignal
  readonly now: () => string
}

/** Changes come by the hundred; nobody reads faster. */
const restMs = 500
/** How long a terminal may show old ages. */
const renewMs = 10_000

/** Shows what is there, and again whenever it has changed, until the signal is aborted. */
export const watchStatus = async (watched: Watched): Promise<void> => {
  const { client, signal, args } = watched
  const waker = createWaker(client.timing)
  const state = newState(watched.objects, waker.wake)
  const draw = drawer(watched)
  for (const kind of state.kinds) follow(kind, state, watched)
  while (!signal.aborted) {
    draw(viewOf(state.objects(), args), state.isOld())
    await client.timing.pause(restMs, signal).catch(() => {})
    await waker.wait(renewMs, signal)
  }
}

/** The objects of each kind as they are now. */
interface State {
  readonly kinds: readonly StatusKind[]
  readonly objects: () => StatusObjects
  readonly replace: (kind: StatusKind, objects: readonly KubeObject[]) => void
  readonly put: (kind: StatusKind, object: KubeObject) => void
  readonly remove: (kind: StatusKind, object: KubeObject) => void
  /** Whether a kind is as it was before its watch broke. */
  readonly setOld: (kind: StatusKind, isOld: boolean) => void
  readonly isOld: () => boolean
}

const newState = (first: StatusObjects, onChange: () => void): State => {
  const maps = new Map<StatusKind, Map<string, KubeObject>>()
  const mapOf = (objects: readonly KubeObject[]) => new Map(objects.map(object => [keyOf(object), object]))
  for (const kind of Object.keys(statusKinds) as readonly StatusKind[]) {
    const objects = first[kind]
    if (objects !== undefined) maps.set(kind, mapOf(objects))
  }
  const old = new Set<StatusKind>()
  return {
    kinds: [...maps.keys()],
    objects: () => ({
      ...first,
      ...Object.fromEntries([...maps].map(([kind, objects]) => [kind, [...objects.values()]])),
    }),
    replace: (kind, objects) => {
      maps.set(kind, mapOf(objects))
      onChange()
    },
    put: (kind, object) => {
      maps.get(kind)?.set(keyOf(object), object)
      onChange()
    },
    remove: (kind, object) => {
      maps.get(kind)?.delete(keyOf(object))
      onChange()
    },
    setOld: (kind, isOld) => {
      if (old.has(kind) === isOld) return
      if (isOld) old.add(kind)
      else old.delete(kind)
      onChange()
    },
    isOld: () => old.size > 0,
  }
}

const follow = async (kind: StatusKind, state: State, { client, args, signal }: Watched): Promise<void> => {
  const options = {
    ...selectionOf(kind, args.namespace),
    signal,
    trim: trimmed,
    onResume: () => state.setOld(kind, false),
    onRestart: ({ cause }: { readonly cause: string }) => {
      if (cause === 'failed' || cause === 'silent') state.setOld(kind, true)
    },
  }
  for await (const event of watch(client, statusKinds[kind], options)) {
    state.setOld(kind, false)
    if (event.type === 'replaced') state.replace(kind, event.objects)
    else if (event.type === 'deleted') state.remove(kind, event.object)
    else if (event.type !== 'bookmark') state.put(kind, event.object)
  }
}

/** On a terminal each view takes the place of the last one; elsewhere what has changed is printed below it. */
const drawer = ({ output, show, args, now }: Watched) => {
  let last: string | undefined
  let size = ''
  return (seen: StatusView, isOld: boolean): void => {
    const view = isOld ? { ...seen, remarks: [...seen.remarks, old] } : seen
    const { columns, rows } = output
    if (columns !== undefined && args.output !== 'json') {
      // What a terminal has made of the lines when its size changed nobody knows.
      const shape = `${columns} ${rows}`
      output.out(frame(joined(show(view)), rows, shape !== size))
      size = shape
      return
    }
    const state = JSON.stringify(view)
    if (state === last) return
    const heading = args.output === 'json' ? '' : `${last === undefined ? '' : '\n'}${now()}\n`
    last = state
    output.out(heading + joined(show(view)))
  }
}

const old = { reason: 'NotCurrent', message: 'the API server cannot be watched; this is what it said last' }
