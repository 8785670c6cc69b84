import { expect, test } from 'bun:test'
import { whose } from '../../src/doctor/whose.ts'
import { identity, run } from '../engine/build.ts'

/** Names of an instance in cluster aks01-weu, where such another cluster is known. */
const rows: readonly (readonly [name: string, zone: string, other: string | undefined, answer: string])[] = [
  ['aks01-weu', 'weu', undefined, 'cluster'],
  ['aks01-weu', 'neu', 'aks01-neu', 'cluster'],
  ['dns.aks01.weu', 'weu', 'aks01-neu', 'cluster'],
  ['aks01', 'weu', undefined, 'cluster'],
  ['aks01', 'weu', 'aks02-neu', 'cluster'],
  ['aks01', 'weu', 'aks01-neu', 'unclear'],
  ['x-weu', 'neu', 'aks01-neu', 'cluster'],
  ['zone-neu', 'neu', undefined, 'zone'],
  ['zone-weu', 'weu', undefined, 'zone'],
  ['weurope', 'neu', undefined, 'unclear'],
  ['aks012', 'neu', undefined, 'unclear'],
  ['sr-', 'weu', undefined, 'unclear'],
  ['', 'weu', undefined, 'unclear'],
]

test.each(rows.map(row => [...row] as const))('"%s", for zone %s, beside %s', (name, zone, other, answer) => {
  const { world } = run([identity(other === undefined ? {} : { standIns: [other] })]).evaluation
  const spec = world.identity.state === 'one' ? world.identity.spec : undefined
  expect(whose(name, zone, { all: [], unknown: [], zones: [], world, identity: spec })).toBe(
    answer as ReturnType<typeof whose>,
  )
})
