import { describe, expect, test } from 'bun:test'
import { joined } from '../../../src/cli/render/chunks.ts'
import { jsonText } from '../../../src/cli/render/json.ts'
import { plainStyle } from '../../../src/cli/render/style.ts'
import { whyData } from '../../../src/cli/render/why/data.ts'
import { whyText } from '../../../src/cli/render/why/text.ts'
import type { Chain } from '../../../src/why/chain.ts'
import { gateway, identity, policy, route, service } from '../../engine/build.ts'
import { goldens } from '../../lib/golden.ts'
import { domain, owner, readable, type Scene, why, type Zones } from '../../why/build.ts'

const golden = goldens('render-why')
const host = `api-ns-p-prod-app.${domain}`
const target = `aks01-weu-internal.${domain}`

const records = {
  [`${host} CNAME`]: [target],
  [`sr-cname-${host} TXT`]: owner('aks01-weu', 'app/api-external-dns-weu'),
  [`${target} A`]: ['10.0.0.1'],
  [`srgw-a-${target} TXT`]: owner(
    'zone-weu',
    'ingress/gateway-controller-igw-internal-internal-external-dns-weu',
  ),
}
const scene = (zones: Zones, spec: object = {}): Scene => ({
  inputs: [identity(), readable(), gateway(), service(), policy('app', spec), route('app', 'api')],
  zones,
})
const bound = { mode: 'RegionBound', sourceRegion: 'weu' }
const hostile = '\u001b[2J\u202e##[group]x\n::error::y'

const chains: Readonly<Record<string, Chain>> = {
  whole: why(host, scene({ weu: records, neu: {} })),
  broken: why(
    host,
    scene({ weu: records, neu: { ...records, [`${host} CNAME`]: [`aks01-neu-internal.${domain}`] } }, bound),
  ),
  standby: why(
    host,
    scene({ weu: { [`${host} CNAME`]: [`aks01-neu-internal.${domain}`] }, neu: {} }, { sourceRegion: 'neu' }),
  ),
  silent: why(host, scene({ weu: '10.1.0.4 does not answer', neu: {} })),
  nobody: why(`apl-ns-p-prod-app.${domain}`, scene({ weu: records, neu: {} })),
  hostile: why(
    host,
    scene({
      weu: {
        ...records,
        [`${host} CNAME`]: [hostile],
        [`sr-cname-${host} TXT`]: owner(hostile, hostile),
      },
      neu: { [`${host} CNAME`]: [hostile] },
    }),
  ),
}

describe.each(Object.entries(chains))('the chain %s', (name, chain) => {
  test('as text', () => golden(`${name}.txt`, joined(whyText(chain, plainStyle))))
  test('as JSON', () => {
    const text = joined(jsonText(whyData(chain)))
    expect(JSON.parse(text)).toMatchObject({ whole: chain.broken === undefined })
    golden(`${name}.json`, text)
  })
  test('fits 80 columns, but for what is longer itself', () => {
    if (name === 'hostile') return
    const long = joined(whyText(chain, plainStyle))
      .split('\n')
      .filter(line => line.length > 80 && line.trim().includes(' ', 10))
    expect(long).toEqual([])
  })
})

test('colours', () =>
  golden('color.txt', joined(whyText(chains.broken as Chain, { color: true, width: 80 }))))

test('nothing of a hostile answer reaches a terminal', () => {
  const text =
    joined(whyText(chains.hostile as Chain, plainStyle)) + joined(jsonText(whyData(chains.hostile as Chain)))
  expect(text).toContain('\\u001b[2J\\u202e')
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|##\[|^\s*::/m)
})
