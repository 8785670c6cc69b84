import { test } from 'bun:test'
import type { KubeObject, ResourceRef } from '../../../src/api/object.ts'
import { becomes, serves } from './records.ts'
import type { Running } from './running.ts'
import { base, baseRecords, baseServed, says } from './scene.ts'
import { become, set } from './world.ts'

/** What somebody changes in the base scene, and what must come of it. */
export interface Row {
  readonly what: string
  /** Written one after the other. */
  readonly set?: readonly KubeObject[]
  readonly remove?: readonly ResourceRef[]
  readonly records: readonly string[]
  /** Unless they stay as they are. */
  readonly served?: readonly string[]
  readonly says: readonly (readonly [ref: ResourceRef, type: string, condition: string])[]
}

/** A test for each row: there, and back to the base scene. */
export const testRows = (on: Running, group: string, rows: readonly Row[]): void => {
  for (const row of rows)
    test(`${group}: ${row.what}, and back`, async () => {
      const { plane } = on
      for (const object of row.set ?? []) await set(plane, object)
      for (const ref of row.remove ?? []) await plane.remove(ref)
      await becomes(plane, row.records)
      await serves(plane, row.served ?? baseServed)
      for (const said of row.says) await says(plane, ...said)
      await become(plane, base)
      await becomes(plane, baseRecords)
      await serves(plane, baseServed)
    })
}

export const fine = 'True ReconciliationSucceeded'
