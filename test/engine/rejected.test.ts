import { describe, expect, test } from 'bun:test'
import { accepted } from '../api/accepted.ts'
import { rejected } from '../api/rejected.ts'
import { run } from './build.ts'

/** The rows that one namespace's default cannot settle: their trouble is found while reading (test/source). */
describe('what the engine finds in the rows of test/api', () => {
  test.each(rejected.map(row => [`${row.kind}: ${row.what}`, row] as const))('refuses %s', (_, row) => {
    const { findings } = run([row.object, ...(row.beside ?? [])]).plan
    expect(findings.filter(finding => finding.severity === 'error').map(finding => finding.code)).toContain(
      row.code,
    )
  })

  test.each(accepted.map(row => [`${row.kind}: ${row.what}`, row] as const))('accepts %s', (_, row) => {
    const { findings } = run([row.object, ...(row.beside ?? [])]).plan
    expect(findings.filter(finding => finding.severity === 'error')).toEqual([])
    if (row.warning !== undefined) expect(findings.map(finding => finding.code)).toContain(row.warning)
  })
})
