import type { Code } from '../codes.ts'
import type { Details } from '../findings.ts'
import type { Intake } from '../intake.ts'
import { countKeys, forbidden } from '../measure.ts'
import { type Origin, whole } from '../origin.ts'
import type { SourceFile } from '../source-file.ts'
import { duplicateKeys, firstMistake } from './lint.ts'
import { scanJson } from './scan.ts'

/**
 * Reads a file that holds one JSON value. False where it is no JSON; what begins like it can still be YAML.
 * JSON.parse lets duplicate keys pass, as Bun.YAML does, and they are found in the same way.
 */
export const readJson = (file: SourceFile, intake: Intake): boolean => {
  const { text } = file
  const report = (code: Code, message: string, at: number, details?: Details): void => {
    intake.report.add(code, message, () => file.place(at), details)
  }
  const start = text.search(/\S/)
  const census = scanJson(text)
  if (census.tooDeep) {
    report('ParseError', 'this is nested too deeply', start)
    return true
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    if (!file.name.endsWith('.json')) return false
    const { message, at } = firstMistake(text) ?? { message: 'this is no JSON', at: start }
    report('ParseError', message, at)
    return true
  }
  const keys = typeof value === 'object' && value !== null ? countKeys(value) : 0
  if (keys === forbidden) {
    report('ForbiddenKey', 'the key __proto__ is not allowed', Math.max(start, text.indexOf('__proto__')))
    return true
  }
  if (keys !== census.keys && (intake.concerns(value) || text.includes('router.io')))
    for (const { key, at, first } of duplicateKeys(text))
      report('DuplicateKey', `the key ${key} is there already, in line ${file.place(first).line}`, at)
  intake.admit(value, { file, start, end: text.length, path: whole }, itemOrigins(file, census.items))
  return true
}

const itemOrigins = (file: SourceFile, offsets: readonly number[]): Origin[] => {
  const origins: Origin[] = []
  for (let i = 0; i < offsets.length; i += 2)
    origins.push({ file, start: offsets[i] ?? 0, end: offsets[i + 1] ?? 0, path: whole })
  return origins
}
