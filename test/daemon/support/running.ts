import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'bun:test'
import type { KubeObject } from '../../../src/api/object.ts'
import type { Srouter } from '../../cluster/support/srouter.ts'
import type { ControlPlane } from '../../lab/cluster.ts'
import { daemonPlane } from './plane.ts'
import { type RunningDaemon, startDaemon } from './process.ts'
import { becomes, serves } from './records.ts'
import { base, baseRecords, baseServed, settled } from './scene.ts'
import { become } from './world.ts'

export interface Running {
  readonly plane: ControlPlane
  readonly srouter: Srouter
  readonly daemon: RunningDaemon
}

/**
 * One daemon for the tests of a `describe`. Each begins with the base scene; each ends with a daemon that has come to
 * what a cold start comes to, whatever the test did.
 */
export const withDaemon = (flags: readonly string[] = [], inputs: readonly KubeObject[] = base): Running => {
  let plane: ControlPlane | undefined
  let srouter: Srouter | undefined
  let daemon: RunningDaemon | undefined
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the daemon has not been started')
    return value
  }
  beforeAll(async () => {
    const known = await daemonPlane()
    await known.mend()
    plane = known.plane
    srouter = known.srouter
    daemon = startDaemon({ kubeconfig: known.kubeconfig(), flags })
    await daemon.ready()
  }, 120_000)
  beforeEach(async () => {
    await become(there(plane), inputs)
    if (inputs !== base) return
    await becomes(there(plane), baseRecords)
    await serves(there(plane), baseServed)
  })
  afterEach(async () => {
    await settled(there(plane), there(srouter))
    expect(there(daemon).log.filter(({ level }) => level === 'error' || level === 'crash')).toEqual([])
  })
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]()
  })
  return {
    get plane() {
      return there(plane)
    },
    get srouter() {
      return there(srouter)
    },
    get daemon() {
      return there(daemon)
    },
  }
}
