import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { claimName, claimTarget, clusterNameOf } from '../../src/api/claims.ts'
import { targetName } from '../../src/api/names.ts'
import { platform, route, run } from '../engine/build.ts'
import { type Block, parsePage } from './markdown.ts'

/** The diagrams of docs/concepts.md, held to what the engine does. */

const path = 'docs/concepts.md'
const text = readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8')
const diagrams = parsePage(path, text).blocks.filter(({ language }) => language === 'mermaid')
const diagramWith = (said: string): Block => {
  const found = diagrams.find(block => block.text.includes(said))
  if (found === undefined) throw new Error(`no diagram with ${said}`)
  return found
}

describe('what is derived from what', () => {
  /** By what an arrow leads to: where it begins. */
  const arrows = new Map(
    [...diagramWith('--> istio').text.matchAll(/^ {2}([\w &]+) --> (hosts|addresses|istio)$/gm)].map(
      ([, from = '', to = '']) => [to, from.split(' & ')],
    ),
  )
  const inputs = [...platform(), route('app', 'api')]
  const kinds = [...new Set(inputs.map(({ kind }) => kind))]

  const made = (without: string): ReadonlySet<string> => {
    const { plan } = run(inputs.filter(({ kind }) => kind !== without))
    return new Set(
      plan.objects.map(({ ref }) =>
        ref.kind === 'Gateway' ? 'istio' : ref.name.startsWith('gateway-controller-') ? 'addresses' : 'hosts',
      ),
    )
  }

  test.each(['hosts', 'addresses', 'istio'])('%s: without what its arrows come from it is not made', what => {
    expect(made('nothing')).toContain(what)
    expect(kinds.filter(kind => !made(kind).has(what)).sort()).toEqual([...(arrows.get(what) ?? [])].sort())
  })
})

test('the names in a failover', () => {
  const domain = 'aks.example.com'
  const weu = { cluster: 'aks01', region: 'weu', domain }
  const first = (name: string): string => name.slice(0, name.indexOf('.'))
  const said = (state: 'held' | 'released'): string =>
    claimTarget({ state, epoch: 1, holder: 'aks01-neu' }, domain).replace(`.srouter-claim.${domain}`, '')
  const lines = diagramWith('sequenceDiagram').text.split('\n')
  const written = lines.flatMap(line => /->>zones: (\S+) (?:A|CNAME) (\S+)$/.exec(line)?.slice(1, 3) ?? [])
  const names = [
    first(targetName(weu, 'internal')),
    first(claimName(clusterNameOf(weu), domain)),
    ...[said('held'), said('released'), '10.1.0.10', '10.2.0.10'],
  ]
  expect([...new Set(written)].sort()).toEqual(names.sort())
})
