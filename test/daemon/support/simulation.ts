import { type KubeObject, keyOf } from '../../../src/api/object.ts'
import { storedKindOf } from '../../../src/daemon/store.ts'
import type { KubeClient } from '../../../src/kube/client.ts'
import { KubeError } from '../../../src/kube/error.ts'
import type { KubeRequest, Resource } from '../../../src/kube/request.ts'
import type { Random } from './random.ts'
import type { VirtualTime } from './virtual-time.ts'

/** An API server in memory: requests take their time on the way there and back, and so do the events of its watches. */
export interface Simulation {
  readonly client: KubeClient
  /** What somebody else writes. */
  set(object: KubeObject): void
  remove(key: string): void
  readonly objects: ReadonlyMap<string, KubeObject>
  /** Every write of an object that is derived, in the order in which it took effect. */
  readonly writes: readonly Write[]
  /** How often a request fails, from 0 to 1; half of the failures have taken effect. Infinity: all fail, and none has. */
  failing: number
}

export interface Write {
  readonly action: 'create' | 'change' | 'delete' | 'status'
  readonly key: string
  readonly object: KubeObject
}

export type Told =
  | { readonly type: 'put'; readonly object: KubeObject }
  | { readonly type: 'removed'; readonly object: KubeObject }

export const simulate = (
  time: VirtualTime,
  random: Random,
  /** What a watch tells; in order for one kind, and some time later. */
  tell: (event: Told) => void,
  slowest: { readonly requestMs: number; readonly watchMs: number },
): Simulation => {
  const objects = new Map<string, KubeObject>()
  const writes: Write[] = []
  const told = new Map<string, number>()
  let version = 0
  let failing = 0

  const announce = (event: Told): void => {
    const kind = storedKindOf(event.object)
    if (kind === undefined) return
    const now = time.timing.elapsed()
    const at = Math.max(told.get(kind) ?? 0, now + random.below(slowest.watchMs))
    told.set(kind, at)
    time.after(at - now, () => tell(event))
  }

  const store = (key: string, object: KubeObject, isStatus = false): KubeObject => {
    const before = objects.get(key)
    const isSame = before !== undefined && Bun.deepEquals(content(before), content(object))
    if (isSame) return before
    version++
    const { uid = `uid-${version}`, generation = 0, creationTimestamp } = before?.metadata ?? {}
    const after: KubeObject = {
      ...object,
      metadata: {
        ...object.metadata,
        uid,
        creationTimestamp:
          creationTimestamp ?? new Date(time.timing.now()).toISOString().replace(/\.\d+/, ''),
        generation:
          isStatus || Bun.deepEquals(before?.spec, object.spec) ? Math.max(generation, 1) : generation + 1,
        resourceVersion: `${version}`,
      },
    }
    objects.set(key, after)
    announce({ type: 'put', object: after })
    return after
  }

  const drop = (key: string): void => {
    const before = objects.get(key)
    if (before === undefined) return
    version++
    objects.delete(key)
    announce({
      type: 'removed',
      object: { ...before, metadata: { ...before.metadata, resourceVersion: `${version}` } },
    })
  }

  const effect = (request: KubeRequest): unknown => {
    if (!('kind' in request.on) || request.on.kind.kind === 'Event') return {}
    const { on, body } = request
    const key = keyFor(on, body)
    const present = objects.get(key)
    const refuse = (status: number, reason: string) =>
      new KubeError({ status, reason, message: reason, request })
    const noted = (action: Write['action'], object: KubeObject): KubeObject => {
      writes.push({ action, key, object })
      return object
    }
    switch (request.verb) {
      case 'get':
        if (present === undefined) throw refuse(404, 'NotFound')
        return present
      case 'create':
        if (present !== undefined) throw refuse(409, 'AlreadyExists')
        return noted('create', store(key, body as KubeObject))
      case 'delete': {
        const { uid, resourceVersion } =
          (body as { preconditions?: KubeObject['metadata'] }).preconditions ?? {}
        if (present === undefined) throw refuse(404, 'NotFound')
        if (uid !== undefined && uid !== present.metadata.uid) throw refuse(409, 'Conflict')
        if (resourceVersion !== undefined && resourceVersion !== present.metadata.resourceVersion)
          throw refuse(409, 'Conflict')
        noted('delete', present)
        drop(key)
        return {}
      }
      case 'patch': {
        const patch = body as KubeObject
        if (on.subresource === 'status') {
          if (present === undefined) throw refuse(404, 'NotFound')
          const status = withoutNulls({ ...(present.status as object), ...(patch.status as object) })
          return noted('status', store(key, { ...present, status }, true))
        }
        const uid = patch.metadata?.uid
        if (uid !== undefined && present?.metadata.uid !== uid) throw refuse(409, 'Conflict')
        return noted('change', store(key, merged(present, patch)))
      }
      default:
        throw refuse(405, 'MethodNotAllowed')
    }
  }

  const json = <T>(request: KubeRequest): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const fails = random.chance(failing)
      const isLost = random.chance(0.5) || failing === Number.POSITIVE_INFINITY
      const lost = (): void =>
        reject(new KubeError({ status: 500, reason: 'InternalError', message: 'it failed', request }))
      time.after(random.below(slowest.requestMs), () => {
        if (fails && isLost) return time.after(random.below(slowest.requestMs), lost)
        let answer: () => void
        try {
          const done = effect(request) as T
          answer = () => resolve(structuredClone(done))
        } catch (thrown) {
          answer = () => reject(thrown)
        }
        time.after(random.below(slowest.requestMs), fails ? lost : answer)
      })
    })

  return {
    objects,
    writes,
    set: object => {
      const key = keyOf(object)
      store(key, { ...objects.get(key), ...object, metadata: { ...object.metadata } })
    },
    remove: drop,
    get failing() {
      return failing
    },
    set failing(share) {
      failing = share
    },
    client: {
      // Nobody asks for the rest of it.
      target: {} as KubeClient['target'],
      timing: time.timing,
      json,
      open: () => Promise.reject(new Error('nothing is watched here')),
      close: () => {},
    },
  }
}

const content = ({ metadata, ...rest }: KubeObject): unknown => {
  const { resourceVersion: _, generation: __, uid: ___, creationTimestamp: ____, ...own } = metadata
  return { metadata: own, ...rest }
}

const keyFor = ({ kind, namespace, name }: Resource, body: unknown): string =>
  keyOf({
    apiVersion: kind.group === '' ? kind.version : `${kind.group}/${kind.version}`,
    kind: kind.kind,
    metadata: {
      ...(namespace === undefined ? {} : { namespace }),
      name: name ?? (body as KubeObject).metadata.name,
    },
  })

/** As server-side apply, and as a merge patch where only fields of the product are in question. */
const merged = (present: KubeObject | undefined, patch: KubeObject): KubeObject => ({
  ...present,
  ...patch,
  metadata: {
    ...present?.metadata,
    ...patch.metadata,
    labels: { ...present?.metadata.labels, ...patch.metadata.labels },
    annotations: { ...present?.metadata.annotations, ...patch.metadata.annotations },
  },
})

const withoutNulls = (status: object): object =>
  Object.fromEntries(Object.entries(status).filter(([, value]) => value !== null))
