import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { argumentsOf } from '../../src/adopt/arguments.ts'
import { progressIn } from '../adopt/scene.ts'
import { instanceArguments } from '../lab/external-dns-arguments.ts'
import { parsePage, section, tableRows } from './markdown.ts'

/** The arguments that docs/migration.md shows, and those that "srouter adopt" names, are those of the split set-up. */

const path = 'docs/migration.md'
const text = readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8')
const blocks = (heading: string) => parsePage(path, section({ path, text }, heading)).blocks
const prefixes = { txtPrefix: 'srr-', gatewayTxtPrefix: 'srgw-' }
const kinds = [
  ['route', 'routes', prefixes.txtPrefix],
  ['gateway', 'gateways', prefixes.gatewayTxtPrefix],
] as const

test.each(kinds)('what adopt says to start for a %s', (kind, role, txtPrefix) => {
  const { zone } = progressIn({})
  const instance = { kind: role, cluster: 'aks01-weu', region: 'weu', domain: 'aks.example.com' }
  const [ownerId, policy] =
    kind === 'route' ? ['aks01-weu', 'sync' as const] : ['zone-weu', 'upsert-only' as const]
  expect(argumentsOf(zone, kind)).toEqual(instanceArguments(instance, { ownerId, txtPrefix, policy }))
})

test.each(kinds)('what the page says to start for a %s', (kind, role, txtPrefix) => {
  const instance = { kind: role, cluster: 'aks01-weu', region: 'neu', domain: 'aks.example.com' }
  const [ownerId, policy] =
    kind === 'route' ? ['aks01-weu', 'sync' as const] : ['zone-neu', 'upsert-only' as const]
  const all = instanceArguments(instance, { ownerId, txtPrefix, policy })
  const common = /^--(source|crd-source|domain-filter)/
  const shown = blocks('### 5. `switch`: the new instances').map(block => block.text)
  expect(shown).toContain(all.filter(argument => !common.test(argument)).join('\n'))
})

test('the prefixes of the page', () => {
  const [block] = blocks('### 1. `prepare`: name the prefixes')
  const { spec } = parse(block?.text ?? '') as { spec: { externalDNSControllers: object[] } }
  for (const controller of spec.externalDNSControllers) expect(controller).toMatchObject(prefixes)
})

test('the tests that the way from the earlier operator and back rests on', () => {
  const source = readFileSync(join(import.meta.dirname, '..', 'cluster', 'takeover.test.ts'), 'utf8')
  const there = [...source.matchAll(/\b(?:test|describe)\('([^']+)'/g)].map(([, name = '']) => name)
  const shown = section({ path, text }, '## From the earlier operator, in place, and back')
  const [, ...rows] = tableRows(section({ path, text: shown }, '### What the tests have shown'))
  expect(rows.length).toBeGreaterThan(0)
  for (const [cell = ''] of rows) {
    const name = cell.replaceAll('`', '')
    expect(
      there.some(each => each === name || each.startsWith(`${name}:`) || each.startsWith(`${name},`)),
    ).toBe(true)
  }
})
