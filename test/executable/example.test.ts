import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { goldens } from '../lib/golden.ts'
import { inFolder } from './folder.ts'
import { type Ended, execute, root, srouter } from './process.ts'

/** The example of the README, in every format: whoever changes what it prints sees it here. */
const golden = goldens('example')

const example = 'examples/two-regions'
const pathsOf = (region: string): readonly string[] =>
  ['platform/common', `platform/${region}`, 'workloads'].map(path => `${example}/${path}`)
const filesOf = (region: string): readonly string[] => pathsOf(region).flatMap(path => ['-f', path])
const withoutTime = (text: string): string => text.replace(/("?timestamp"?: )"[^"]*"/, '$1"…"')

const run = (...argv: readonly string[]): Promise<Ended> => execute(srouter(), argv)

const extensions = { text: 'txt', json: 'json', yaml: 'yaml', markdown: 'md' } as const

describe.each(['weu', 'neu'])('%s', region => {
  test.each(Object.entries(extensions))('plan -o %s', async (format, extension) => {
    const { code, out, err } = await run('plan', '--current', 'none', ...filesOf(region), '-o', format)
    expect([code, err]).toEqual([0, ''])
    golden(`plan-${region}.${extension}`, withoutTime(out))
  })

  test.each(['yaml', 'json'])('render -o %s', async format => {
    const { code, out, err } = await run('render', ...filesOf(region), '-o', format)
    expect([code, err]).toEqual([0, ''])
    golden(`render-${region}.${format}`, out)
  })

  test('what render prints is what plan would make, and with that there is nothing left to do', async () => {
    for (const format of ['yaml', 'json']) {
      const { out } = await run('render', ...filesOf(region), '-o', format)
      const again = await inFolder({ current: out }, folder =>
        run('plan', '--current', join(folder, 'current'), ...filesOf(region), '--detailed-exitcode'),
      )
      expect(again.code).toBe(0)
      expect(again.out).toContain('No changes.\n')
      expect(again.out).toContain('Plan: 0 to add, 0 to change, 0 to delete (')
    }
  })

  test('the same input, in whatever order, gives the same bytes', async () => {
    const backwards = pathsOf(region)
      .toReversed()
      .flatMap(path => ['-f', path])
    for (const argv of [
      ['plan', '--current', 'none', '-o', 'json'],
      ['render'],
      ['validate', '-o', 'sarif'],
    ]) {
      const first = await run(...argv, ...filesOf(region))
      const second = await run(...argv, ...filesOf(region))
      const third = await run(...argv, ...backwards)
      expect(withoutTime(second.out)).toBe(withoutTime(first.out))
      expect(withoutTime(third.out)).toBe(withoutTime(first.out))
    }
  })
})

test.each([
  ['text', 'txt'],
  ['json', 'json'],
  ['github', 'github.txt'],
  ['junit', 'xml'],
  ['sarif', 'sarif'],
])('validate -o %s', async (format, extension) => {
  const { code, out, err } = await run('validate', ...filesOf('weu'), '-o', format)
  expect([code, err]).toEqual([0, ''])
  golden(`validate.${extension}`, out)
})

test('the application team has only its own folder', async () => {
  const { code, out } = await run('validate', '-f', `${example}/workloads`)
  expect(code).toBe(0)
  golden('validate-workloads.txt', out)
})

test('both regions at once are a mistake', async () => {
  const { code, out } = await run('validate', '-f', example)
  expect(code).toBe(1)
  golden('validate-both.txt', out)
})

test('adopting a region: what if', async () => {
  const { code, out } = await run('plan', '--current', 'none', ...filesOf('neu'), '--adopt', 'frc')
  expect(code).toBe(0)
  golden('plan-neu-adopts-frc.txt', out)
})

test('a namespace: only what is shown is less', async () => {
  const { code, out } = await run('plan', '--current', 'none', ...filesOf('weu'), '-n', 'billing')
  expect(code).toBe(0)
  golden('plan-weu-billing.txt', out)
})

test('from standard input', async () => {
  const files = (await run('render', ...filesOf('weu'))).out
  const texts = await Promise.all(
    ['platform/common/dns-configuration', 'platform/common/gateways', 'platform/weu/cluster-identity'].map(
      name => Bun.file(join(root, example, `${name}.yaml`)).text(),
    ),
  )
  const stdin = [...texts, files].join('---\n')
  const { code, out } = await execute(srouter(), ['validate', '-f', '-'], { stdin })
  expect([code, out]).toEqual([0, '1 file, 19 resources: ok\n'])
})
