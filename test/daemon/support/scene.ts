import { expect } from 'bun:test'
import type { KubeObject, ResourceRef } from '../../../src/api/object.ts'
import type { Srouter } from '../../cluster/support/srouter.ts'
import { conditionOf, type StatusOf, versions } from '../../cluster/support/state.ts'
import { platform, route } from '../../engine/build.ts'
import type { ControlPlane } from '../../lab/cluster.ts'
import { waitFor } from '../../lab/wait.ts'

/** What every test begins with: one gateway, one Active namespace, one route. */
export const base: readonly KubeObject[] = [...platform(), route('app', 'api')]

export const addresses = [
  'neu aks01-weu-internal A 60 10.0.0.1',
  'weu aks01-weu-internal A 60 10.0.0.1',
] as const
export const api = 'weu api-ns-p-prod-app CNAME 300 aks01-weu-internal'
export const baseRecords: readonly string[] = [...addresses, api]
export const baseServed = ['istio-system/internal igw-internal tls: api-ns-p-prod-app'] as const

/** Waits until a condition says so, as in `True ReconciliationSucceeded`. */
export const says = async (
  plane: ControlPlane,
  ref: ResourceRef,
  type: string,
  wanted: string,
): Promise<void> => {
  let last: string | undefined
  const what = `${ref.kind} ${ref.name} to say ${type} ${wanted}`
  await waitFor(
    async () => {
      last = conditionOf(await plane.read(ref), type)
      return last === wanted
    },
    { what },
  ).catch(() => {
    throw new Error(`${what}: it says ${last}`)
  })
}

export const statusOf = async <T = unknown>(plane: ControlPlane, ref: ResourceRef): Promise<StatusOf & T> =>
  ((await plane.read(ref))?.status ?? {}) as StatusOf & T

/**
 * Waits until the daemon has nothing left to do, and that is what a cold start has nothing to do about: no plan, and an
 * apply writes nothing, statuses included.
 */
export const settled = async (plane: ControlPlane, srouter: Srouter, timeoutMs = 15_000): Promise<void> => {
  let trouble: unknown
  await waitFor(
    async () => {
      const before = await versions(plane)
      const { code, plan } = await srouter.plan()
      trouble = plan.objects.filter(({ action }) => action !== 'unchanged')
      if (code !== 0) return false
      const { code: applied, err } = await srouter.apply()
      expect([applied, err]).toEqual([0, ''])
      const after = await versions(plane)
      trouble = Object.keys(after).filter(key => after[key] !== before[key])
      return Bun.deepEquals(after, before)
    },
    { what: 'everything to be settled', timeoutMs, everyMs: 200 },
  ).catch(() => {
    throw new Error(`it is not settled: ${JSON.stringify(trouble, null, 1)}`)
  })
}
