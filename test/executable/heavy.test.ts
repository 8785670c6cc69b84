import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { route } from './manifests.ts'
import { srouter } from './process.ts'

/** What is easy to write and hard to read. A build job has 7 GB and no patience. */

const folder = mkdtempSync(join(tmpdir(), 'srouter-heavy-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Weighed {
  readonly code: number
  readonly codes: readonly string[]
  readonly err: string
  readonly seconds: number
  readonly megabytes: number
}

const validate = async (name: string, text: string): Promise<Weighed> => {
  const file = join(folder, name)
  writeFileSync(file, text)
  const start = performance.now()
  const process = Bun.spawn([srouter(), 'validate', '-o', 'json', '-f', file], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err, code] = await Promise.all([process.stdout.text(), process.stderr.text(), process.exited])
  const report: { findings: readonly { code: string; line: number | null }[] } = JSON.parse(out)
  rmSync(file)
  return {
    code,
    codes: [...new Set(report.findings.map(finding => finding.code))],
    err,
    seconds: (performance.now() - start) / 1000,
    megabytes: (process.resourceUsage()?.maxRSS ?? 0) / 1_000_000,
  }
}

const head =
  'apiVersion: routing.router.io/v1alpha1\nkind: ServiceRoute\nmetadata: {name: api, namespace: shop}\n'
const levels = (count: number, first: string): string =>
  Array.from({ length: count }, (_, i) => {
    const inner =
      i === 0
        ? first
        : Array(9)
            .fill(`*l${i - 1}`)
            .join(', ')
    return `  l${i}: &l${i} [${inner}]\n`
  }).join('')
const long = 'x'.repeat(1_000_000)

/** Small files; the first is the classic one. */
const bombs: readonly (readonly [what: string, text: string, code: string])[] = [
  ['aliases of aliases', `${head}spec:\n${levels(20, 'a, a, a')}`, 'TooComplex'],
  [
    'behind something that only a slow parser reads',
    `${head}spec:\n  a: !!str b\n${levels(20, 'a')}`,
    'TooComplex',
  ],
  ['in a document of nobody', `a:\n${levels(20, 'a')}`, 'TooComplex'],
  ['in a List', `kind: List\nitems:\n- a: b\n${levels(20, 'a')}`, 'TooComplex'],
  ['an alias of itself', `${head}spec: &spec {serviceName: *spec}\n`, 'TooComplex'],
  [
    'aliases of a long text',
    `${head}spec:\n  a: &a ${long}\n  b: [${'*a, '.repeat(10_000)}]\n`,
    'TooComplex',
  ],
  ['of one in quotes, in flow style', `{a: &a "${long}", b: [${'*a, '.repeat(10_000)}]}\n`, 'TooComplex'],
  [
    'maps that are merged',
    `a: &a {${Array.from({ length: 999 }, (_, i) => `k${i}: 1`)}}\nb:\n${'- <<: *a\n'.repeat(10_000)}`,
    'TooComplex',
  ],
  ['brackets', `${head}spec: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`, 'ParseError'],
  ['braces', `${head}spec: ${'{a: '.repeat(100_000)}${'}'.repeat(100_000)}\n`, 'ParseError'],
  ['brackets that stay open', '['.repeat(100_000), 'ParseError'],
  ['JSON within JSON', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'ParseError'],
  ['Lists within Lists', `${'{"kind":"List","items":['.repeat(10_000)}${']}'.repeat(10_000)}`, 'ParseError'],
  ['dashes', '- '.repeat(100_000), 'ParseError'],
  ['a long line', `${head}spec: {serviceName: ${long}}\n`, 'InvalidSpec'],
  ['a long key', `${head}spec: {${long}: 1}\n`, 'UnknownField'],
  ['a long line of colons', 'a: '.repeat(300_000), 'ParseError'],
]

describe('bombs', () => {
  test.each(bombs)(
    '%s',
    async (_, text, code) => {
      const weighed = await validate('bomb.yaml', text)
      expect([weighed.code, weighed.err]).toEqual([1, ''])
      expect(weighed.codes).toContain(code)
      expect(weighed.seconds).toBeLessThan(5)
      expect(weighed.megabytes).toBeLessThan(200)
    },
    60_000,
  )
})

const size = 20_000_000
const filled = (unit: (index: number) => string): string => {
  const parts: string[] = []
  for (let length = 0; length < size; ) {
    const part = unit(parts.length)
    parts.push(part)
    length += part.length
  }
  return parts.join('')
}
const flow = (i: number): string =>
  `{"apiVersion": "routing.router.io/v1alpha1", "kind": "ServiceRoute", "metadata": {"name": "r${i}", "namespace": "shop"}, ` +
  `"spec": {"serviceName": "r${i}", "gatewayName": "internal", "environment": "prod", "application": "shop"}}`
const teamFolder = [
  'ClusterIdentityNotAvailable',
  'DNSConfigurationNotAvailable',
  'DNSPolicyNotFound',
  'GatewayNotFound',
]

/** 20 MB each. */
const large: readonly (readonly [
  what: string,
  name: string,
  text: () => string,
  codes: readonly string[],
])[] = [
  [
    'many documents, and a mistake at the end',
    'a.yaml',
    () => `${filled(i => `${route(`r${i}`)}---\n`)}a: [`,
    ['ParseError', ...teamFolder],
  ],
  [
    'JSON',
    'a.json',
    () => `{"kind": "List", "items": [${filled(i => `${flow(i)},\n`)}${flow(-1)}]}`,
    teamFolder,
  ],
  [
    'flow style',
    'a.yaml',
    () => `kind: List\nitems: [${filled(i => `${flow(i).replaceAll('"', '')},\n  `)}]\n`,
    teamFolder,
  ],
  [
    'a large document of another kind',
    'a.yaml',
    () =>
      `apiVersion: v1\nkind: ConfigMap\ndata:\n${filled(i => `  key${i}: "some text that is not short"\n`)}`,
    ['NoRouterResources'],
  ],
  [
    'a large document of ours',
    'a.yaml',
    () => `${head}spec:\n${filled(i => `  key${i}: "some text that is not short"\n`)}`,
    ['InvalidSpec'],
  ],
]

describe('20 MB', () => {
  test.each(large)(
    '%s',
    async (_, name, text, codes) => {
      const weighed = await validate(name, text())
      expect(weighed.err).toBe('')
      expect([...weighed.codes].sort()).toEqual([...codes].sort())
      expect(weighed.seconds).toBeLessThan(10)
      expect(weighed.megabytes).toBeLessThan(800)
    },
    60_000,
  )
})
