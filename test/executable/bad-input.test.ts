import { describe, expect, test } from 'bun:test'
import { fileRows } from './bad/files.ts'
import { resourceRows } from './bad/resources.ts'
import type { BadRow } from './bad/row.ts'
import { ruleRows } from './bad/rules.ts'
import { specRows } from './bad/specs.ts'
import { syntaxRows } from './bad/syntax.ts'
import { inFolder } from './folder.ts'
import { execute, srouter } from './process.ts'

interface Finding {
  readonly severity: string
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
}

const told = ({ severity, code, file, line, column }: Finding): string => {
  const place = [file, line, column].filter(part => part !== null).join(':')
  return place === '' ? `${severity} ${code}` : `${severity} ${code} ${place}`
}

const groups: readonly (readonly [string, readonly BadRow[]])[] = [
  ['specs', specRows],
  ['rules', ruleRows],
  ['resources', resourceRows],
  ['syntax', syntaxRows],
  ['files', fileRows],
]

describe.each(groups)('%s', (_, rows) => {
  test.each(rows.map(row => [row.what, row] as const))('%s', async (_, row) => {
    const { files, args = ['validate', '-f', '.'], stdin = '' } = row
    const ended = await inFolder(files, cwd => execute(srouter(), [...args, '-o', 'json'], { cwd, stdin }))
    expect(ended.err).toBe('')
    expect(ended.out).not.toContain('    at ')
    const report: { findings: readonly Finding[] } = JSON.parse(ended.out)
    expect(report.findings.map(told)).toEqual([...row.findings])
    expect(ended.code).toBe(row.code ?? 1)
    // an error without a way out is half an error
    for (const { hint } of report.findings) expect(hint).not.toBe('')
    const said = report.findings.flatMap(({ message, hint }) => [message, hint]).join('\n')
    for (const text of row.says ?? []) expect(said).toContain(text)
  })
})
