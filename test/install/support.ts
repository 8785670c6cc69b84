import { expect } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { commands } from '../../src/cli/commands/index.ts'
import { runInMemory } from '../cli/host.ts'
import { documents } from '../lab/documents.ts'

/** An object of any kind; what a test asks of it, it names. */
export type Printed = KubeObject & { readonly [field: string]: unknown }

/** What `install` prints with these flags. */
export const printed = async (...flags: readonly string[]): Promise<readonly Printed[]> => {
  const { code, out, err } = await runInMemory(['install', ...flags], commands)
  expect([code, err]).toEqual([0, ''])
  return documents<Printed>(out)
}

export const ofKind = (objects: readonly Printed[], kind: string): readonly Printed[] =>
  objects.filter(object => object.kind === kind)

export const the = (objects: readonly Printed[], kind: string, name?: string): Printed => {
  const found = ofKind(objects, kind).filter(({ metadata }) => name === undefined || metadata.name === name)
  expect(found.length).toBe(1)
  return found[0] as Printed
}
