import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { goldens } from '../lib/golden.ts'
import { type Ended, execute, root, srouter } from './process.ts'

/** `plan --current`: what a change of the example's files changes in DNS. */
const golden = goldens('current')

const extensions = { text: 'txt', json: 'json', yaml: 'yaml', markdown: 'md' } as const
const withoutTime = (text: string): string => text.replace(/("?timestamp"?: )"[^"]*"/, '$1"…"')

/** A folder with the example, before anything of it is changed. */
const folder = mkdtempSync(join(tmpdir(), 'srouter-current-'))
const run = (...argv: readonly string[]): Promise<Ended> => execute(srouter(), argv, { cwd: folder })
const weu = ['-f', 'platform/common', '-f', 'platform/weu', '-f', 'workloads']

const edit = (file: string, ...changes: readonly (readonly [from: string, to: string])[]): void => {
  const path = join(folder, file)
  let text = readFileSync(path, 'utf8')
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${file} has no "${from}"`)
    text = text.replace(from, to)
  }
  writeFileSync(path, text)
}

beforeAll(async () => {
  cpSync(join(root, 'examples', 'two-regions'), folder, { recursive: true })
  const { out } = await run('render', ...weu)
  writeFileSync(join(folder, 'current.yaml'), out)
  const identity = readFileSync(join(folder, 'platform/weu/cluster-identity.yaml'), 'utf8')
  const applied = 'status:\n  applied: {region: weu, cluster: aks01, domain: aks.example.com}\n'
  writeFileSync(join(folder, 'dump.yaml'), `${identity}${applied}${out}`)

  edit('workloads/shop.yaml', ['name: api\n', 'name: orders\n'], ['serviceName: api', 'serviceName: orders'])
  edit('workloads/shop.yaml', ['gatewayName: external', 'gatewayName: internal'])
  edit('workloads/billing.yaml', ['sourceRegion: weu', 'sourceRegion: neu'])
  edit('platform/weu/load-balancers.yaml', ['10.123.45.67', '10.123.45.68'])
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a route is added, one moved, one removed; a policy is for another cluster, an address another', () => {
  test.each(Object.entries(extensions))('-o %s', async (format, extension) => {
    const { code, out, err } = await run('plan', '--current', 'current.yaml', ...weu, '-o', format)
    expect([code, err]).toEqual([0, ''])
    golden(`changed.${extension}`, withoutTime(out))
  })

  test('in a namespace', async () => {
    const { out } = await run('plan', '--current', 'current.yaml', ...weu, '-n', 'billing')
    golden('changed-billing.txt', out)
  })

  test('whatever is shown, 2 says that there are changes', async () => {
    for (const rest of [[], ['-o', 'json'], ['-o', 'yaml'], ['-o', 'markdown'], ['-n', 'nowhere'], ['-q']]) {
      const { code } = await run('plan', '--current', 'current.yaml', ...weu, '--detailed-exitcode', ...rest)
      expect(code).toBe(2)
    }
  })

  test('it can be saved, with what tells that it was not edited', async () => {
    const argv = ['plan', '--current', 'current.yaml', ...weu, '--out', 'plan.json', '-o', 'json']
    const { code, out } = await run(...argv)
    expect(code).toBe(0)
    const saved = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'))
    expect(saved).toEqual({
      ...JSON.parse(out),
      timestamp: saved.timestamp,
      saved: null,
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    })
  })

  test('a plan that is carried out leaves nothing to do', async () => {
    const { out } = await run('render', ...weu)
    writeFileSync(join(folder, 'after.yaml'), out)
    const again = await run('plan', '--current', 'after.yaml', ...weu, '--detailed-exitcode')
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('No changes.\n')])
  })
})

describe("and at the same time the identity is another cluster's", () => {
  const neu = ['-f', 'platform/common', '-f', 'platform/neu', '-f', 'workloads']

  test.each(Object.entries(extensions))('the brake, -o %s', async (format, extension) => {
    const { code, out, err } = await run('plan', '--current', 'dump.yaml', ...neu, '-o', format)
    expect([code, err]).toEqual([0, ''])
    golden(`held.${extension}`, withoutTime(out))
  })

  test('the brake lets go of the exact number', async () => {
    const held = (allowed: string): Promise<Ended> =>
      run('plan', '--current', 'dump.yaml', ...neu, '--allow-deletes', allowed)
    const { out } = await held('0')
    const [, number = ''] = /--allow-deletes=(\d+)/.exec(out) ?? []
    expect((await held(String(Number(number) + 1))).out).toBe(out)
    expect((await held(number)).out).not.toContain('held back')
  })
})
