import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { objectKey } from '../../src/api/object.ts'
import { applied, run } from './build.ts'
import { worlds } from './worlds.ts'

/** Renderers rely on it: records of one name stand together. */
test('records and objects are sorted by their keys, from wherever a plan started', () => {
  fc.assert(
    fc.property(worlds, worlds, (one, two) => {
      const { records, objects } = run(two, applied(run(one))).plan
      const names = records.map(({ name, zone, controller, type }) => `${name} ${zone} ${controller} ${type}`)
      expect(names).toEqual(names.toSorted())
      const keys = objects.map(({ ref }) => objectKey(ref))
      expect(keys).toEqual(keys.toSorted())
      expect(new Set(keys).size).toBe(keys.length)
    }),
  )
})
