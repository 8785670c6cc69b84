import { beforeAll, expect, test } from 'bun:test'
import { changed, codes } from '../engine/build.ts'
import { rows } from '../engine/rows.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { isStrict } from './support/server.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { versions } from './support/state.ts'
import { put, turn } from './support/world.ts'

/** Every scenario of the engine, on a real API server: planned, applied, read back, and planned again. */
describeLab('inputs → records and findings, on a cluster', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
  }, 120_000)

  for (const { what, inputs, before, settings, records, findings = [], cluster } of rows) {
    if (cluster !== undefined && 'never' in cluster) {
      if (!isStrict) continue
      test(`${what}: never, because ${cluster.never}`, async () => {
        await clear(plane)
        await expect(put(plane, inputs)).rejects.toThrow(/: (422|500) /)
      })
      continue
    }
    test(what, async () => {
      await clear(plane)
      if (before !== undefined) {
        await put(plane, before)
        expect(await srouter.apply()).toMatchObject({ code: 0 })
      }
      await turn(plane, before ?? [], inputs)
      const flags = (settings?.adopt ?? []).flatMap(region => ['--adopt', region])

      const first = await srouter.plan(...flags)
      expect(changed(first)).toEqual([...records])
      expect(codes(first)).toEqual([...(cluster?.findings ?? findings)])

      expect(await srouter.apply(...flags)).toMatchObject({ code: 0, err: '' })
      const written = await versions(plane)
      const again = await srouter.plan(...flags)
      expect([again.code, changed(again)]).toEqual([0, []])
      expect(await srouter.apply(...flags)).toMatchObject({ code: 0 })
      expect(await versions(plane)).toEqual(written)
    })
  }
})
