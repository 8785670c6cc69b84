import { describe, expect, test } from 'bun:test'
import { applied, changed, codes, run } from './build.ts'
import { rows } from './rows.ts'

describe('inputs → records and findings', () => {
  test.each(rows.map(row => [row.what, row] as const))('%s', (_, row) => {
    const current = row.before === undefined ? [] : applied(run(row.before))
    const result = run(row.inputs, current, row.settings)
    expect(changed(result)).toEqual([...row.records])
    expect(codes(result)).toEqual([...(row.findings ?? [])])
    const after = applied(result, current)
    expect(changed(run(row.inputs, after, row.settings))).toEqual([])
  })
})
