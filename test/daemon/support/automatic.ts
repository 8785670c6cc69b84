import type { KubeObject } from '../../../src/api/object.ts'
import { createAutomatic, type Decided } from '../../../src/daemon/automatic.ts'
import type { Probing, ProbingOptions } from '../../../src/daemon/probing.ts'
import { type Health, unknownHealth } from '../../../src/engine/failover/automatic/health.ts'
import { KubeError } from '../../../src/kube/error.ts'
import type { KubeClient } from '../../../src/kube/index.ts'
import type { KubeRequest, Resource } from '../../../src/kube/request.ts'
import { createLog } from '../../../src/lib/log.ts'
import * as play from '../../engine/failover/model.ts'
import { virtualTime } from './virtual-time.ts'

export const up: Health = { ...unknownHealth, state: 'Up', successes: 6 }
export const down: Health = { ...unknownHealth, state: 'Down', failures: 3, failingSinceMs: 0 }
export const automatic = {
  mode: 'Automatic',
  probe: { host: 'shop.example.com' },
  witnesses: [{ host: 'www.example.net' }],
}

const scene = (
  spec: object = automatic,
  meta: object = {},
  status?: object,
  others: readonly string[] = [],
) => {
  const time = virtualTime()
  const dns = play.model('weu', 'neu')
  const neu = play.cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu', ...others] })
  const set = (change: (object: KubeObject) => KubeObject, peer?: string): void =>
    play.edit(neu, 'RegionFailover', object =>
      peer === undefined || object.metadata.name === peer ? change(object) : object,
    )
  const bump = (object: KubeObject, by: 'spec' | 'status'): KubeObject => {
    const { generation = 1, resourceVersion = '1' } = object.metadata
    return {
      ...object,
      metadata: {
        ...object.metadata,
        generation: by === 'spec' ? Number(generation) + 1 : generation,
        resourceVersion: `${Number(resourceVersion) + 1}`,
      },
    }
  }
  set(object => ({
    ...object,
    metadata: { ...object.metadata, uid: 'u1', generation: 1, resourceVersion: '1', ...meta },
    spec: { ...(object.spec as object), ...spec },
    ...(status === undefined ? {} : { status }),
  }))
  const state = {
    health: up,
    witness: true,
    own: true,
    /** Somebody else writes in between, so often. */
    interfering: 0,
    interferes: 'status' as 'spec' | 'status',
    failing: false,
    /** So long a read takes. */
    slowMs: 0,
    isHeld: true,
    news: 0,
    decided: [] as Decided[],
    writes: [] as unknown[],
    probed: [] as unknown[],
    onRound: (_peer: string): void => {},
  }
  const failover = (peer = 'aks01-weu'): KubeObject =>
    neu.inputs.find(({ kind, metadata }) => kind === 'RegionFailover' && metadata.name === peer) as KubeObject
  const client: KubeClient = {
    target: { server: 'https://127.0.0.1', user: {} } as KubeClient['target'],
    timing: time.timing,
    json: async <T>(request: KubeRequest) => {
      if (state.failing)
        throw new KubeError({ status: 503, reason: 'Unavailable', message: 'it is away', request })
      const peer = (request.on as Resource).name ?? ''
      if (request.verb === 'get') {
        if (state.slowMs > 0) await time.timing.pause(state.slowMs)
        const present = failover(peer)
        if (state.interfering > 0) {
          state.interfering--
          set(object => bump(object, state.interferes), peer)
        }
        return present as T
      }
      const body = request.body as KubeObject
      const { resourceVersion } = body.metadata
      if (resourceVersion !== undefined && resourceVersion !== failover(peer).metadata.resourceVersion)
        throw new KubeError({ status: 409, reason: 'Conflict', message: 'it was changed', request })
      state.writes.push(body)
      const isSwitch = body.spec !== undefined
      set(
        object =>
          bump(
            {
              ...object,
              metadata: {
                ...object.metadata,
                annotations: isSwitch ? (body.metadata.annotations ?? {}) : {},
              },
              spec: { ...(object.spec as object), ...(body.spec as object) },
            },
            isSwitch ? 'spec' : 'status',
          ),
        peer,
      )
      return failover(peer) as T
    },
    open: () => Promise.reject(new Error('not opened')),
    close: () => {},
  }
  const createProbing = ({ onRound }: ProbingOptions): Probing => {
    state.onRound = onRound
    return {
      set: probed => {
        state.probed = [...probed]
      },
      health: () => state.health,
      answersMeanwhile: (_, role) => (role === 'own' ? state.own : state.witness),
      report: () => ({ state: state.health.state, addresses: [{ address: '10.1.0.1' }] }),
      samples: () => [],
      stop: () => Promise.resolve(),
    }
  }
  const loop = createAutomatic({
    client,
    log: createLog({ level: 'error', format: 'json', clock: time.timing, write: () => {} }),
    onNews: () => {
      state.news++
    },
    onSwitched: () => {},
    onDecision: decided => state.decided.push(decided),
    createProbing,
  })
  return {
    state,
    time,
    failover,
    loop,
    neu,
    set: (change: (object: KubeObject) => KubeObject) => set(object => bump(change(object), 'spec')),
    /** As it is, without another version or generation. */
    put: set,
    /** One pass of the engine, whose evaluation the loop gets. */
    pass: () => loop.reconciled(play.pass(dns, neu, () => true, loop.reports()).evaluation),
    round: async (...peers: readonly string[]) => {
      for (const peer of peers.length === 0 ? ['aks01-weu'] : peers) state.onRound(peer)
      await time.pass(10)
    },
    word: () => loop.reports().get('aks01-weu')?.automatic,
  }
}

/** The loop, having begun, with what the engine makes of things. */
export const running = async (spec?: object, meta?: object, status?: object, others?: readonly string[]) => {
  const it = scene(spec, meta, status, others)
  const stop = new AbortController()
  const ended = it.loop.run(stop.signal, () => it.state.isHeld)
  it.pass()
  return {
    ...it,
    stop: () => {
      stop.abort()
      return ended
    },
  }
}
