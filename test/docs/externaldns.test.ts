import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import {
  type Instance,
  type InstanceKind,
  instanceArguments,
  instanceValues,
  ownershipOf,
  txtPrefixOf,
} from '../lab/external-dns-arguments.ts'
import { parsePage, section, tableRows } from './markdown.ts'

/** docs/externaldns.md shows to copy what the tests of failover run with. */

const path = 'docs/externaldns.md'
const text = readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8')
const page = { path, text }
const instance = (kind: InstanceKind, of: Partial<Instance> = {}): Instance => ({
  kind,
  cluster: 'aks01-weu',
  region: 'neu',
  domain: 'aks.example.com',
  ...of,
})

describe('docs/externaldns.md', () => {
  test.each([
    ['### Routes', 'routes'],
    ['### Gateways', 'gateways'],
    ['### Single', 'single'],
  ] as const)('%s', (heading, kind) => {
    const [plain, helm, ...rest] = parsePage(path, section(page, heading)).blocks
    expect(plain?.text.split('\n')).toEqual([...instanceArguments(instance(kind))])
    expect(parse(helm?.text ?? '')).toEqual(instanceValues(instance(kind)))
    expect(rest).toEqual([])
  })

  test('what differs between clusters and zones', () => {
    const [, ...rows] = tableRows(section(page, '## Arguments').split('\n### ')[0] ?? '')
    const all = ['aks01-weu', 'aks01-neu'].flatMap(cluster =>
      ['weu', 'neu'].map(region => {
        const owner = (kind: InstanceKind) =>
          `\`${ownershipOf(instance(kind, { cluster, region })).ownerId}\``
        expect(owner('single')).toBe(owner('gateways'))
        return [cluster, region, region, owner('routes'), owner('gateways')]
      }),
    )
    expect(rows).toEqual(all)
  })

  test('the prefixes of the DNSConfiguration', () => {
    const [block] = parsePage(path, section(page, '### In DNSConfiguration')).blocks
    const { spec } = parse(block?.text ?? '') as { spec: { externalDNSControllers: object[] } }
    for (const controller of spec.externalDNSControllers)
      expect(controller).toMatchObject({
        txtPrefix: txtPrefixOf.routes,
        gatewayTxtPrefix: txtPrefixOf.gateways,
      })
  })
})
