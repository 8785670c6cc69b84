import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configuration, documents, gateway, identity, policy, route } from './manifests.ts'
import { type Ended, execute, shell, srouter } from './process.ts'

/** Exit codes without a cluster, and which of them counts when several apply: 130, 64, 6, 1, 4, 5, 3, 7, 2, 0. */

const folder = mkdtempSync(join(tmpdir(), 'srouter-exits-'))
const sound = documents(identity, configuration, gateway, policy, route())
beforeAll(() => {
  writeFileSync(join(folder, 'sound.yaml'), sound)
  writeFileSync(join(folder, 'more.yaml'), documents(sound, route('web')))
  writeFileSync(join(folder, 'warned.yaml'), route())
  writeFileSync(join(folder, 'wrong.yaml'), documents(sound, route('web', 'Web')))
  writeFileSync(join(folder, 'broken.yaml'), 'a: [')
  writeFileSync(join(folder, 'empty.yaml'), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** No kubeconfig, no home, no service account. */
const nowhere = { HOME: folder, KUBECONFIG: '' }
const run = (argv: readonly string[], env: Readonly<Record<string, string>> = nowhere): Promise<Ended> =>
  execute(srouter(), argv, { cwd: folder, env })

interface Row {
  readonly argv: string
  readonly code: number
  /** What standard error has; nothing where this is not given. */
  readonly says?: string
  readonly env?: Readonly<Record<string, string>>
}

const rows: readonly Row[] = [
  { argv: 'validate -f sound.yaml', code: 0 },
  { argv: 'validate -f warned.yaml', code: 0 },
  { argv: 'validate -f warned.yaml --strict', code: 1 },
  { argv: 'validate -f wrong.yaml', code: 1 },
  { argv: 'validate -f broken.yaml', code: 1 },
  { argv: 'validate -f empty.yaml', code: 1 },
  { argv: 'validate -f nowhere.yaml', code: 1 },
  { argv: 'validate -f sound.yaml -f broken.yaml', code: 1 },
  { argv: 'validate -f sound.yaml --filename sound.yaml --file=sound.yaml', code: 0 },
  { argv: 'render -f sound.yaml', code: 0 },
  { argv: 'render -f wrong.yaml', code: 1, says: 'wrong.yaml' },
  { argv: 'plan -f sound.yaml --current none', code: 0 },
  { argv: 'plan -f sound.yaml --current none --detailed-exitcode', code: 2 },
  { argv: 'plan -f wrong.yaml --current none --detailed-exitcode', code: 1 },
  { argv: 'plan -f sound.yaml --current nowhere.yaml --detailed-exitcode', code: 1 },
  { argv: 'plan -f sound.yaml --current broken.yaml --detailed-exitcode', code: 1 },
  { argv: 'plan -f empty.yaml --current none', code: 1 },
  { argv: 'plan -f empty.yaml --current sound.yaml', code: 1 },
  { argv: 'plan -f sound.yaml --current empty.yaml --detailed-exitcode', code: 2 },
  {
    argv: 'plan -f sound.yaml --current none --out nowhere/plan.json',
    code: 1,
    says: 'cannot save the plan',
  },

  { argv: 'plan --current none', code: 64, says: '--current needs -f' },
  {
    argv: 'plan -f sound.yaml --current none -n shpo',
    code: 0,
    says: 'warn: Nothing of srouter is in this namespace namespace=shpo',
  },
  { argv: 'plan --only-files', code: 64, says: '--only-files needs -f' },
  { argv: 'plan -f - --current -', code: 64, says: 'standard input cannot be both' },
  { argv: 'plan -f', code: 64, says: 'flag "-f" needs a value: -f PATH' },
  { argv: 'plan --curent none -f nowhere.yaml', code: 64, says: 'did you mean "--current"?' },
  { argv: 'plan -f broken.yaml --current none -o xml', code: 64, says: 'takes text, json, yaml or markdown' },
  { argv: 'plan -f sound.yaml --current none --current sound.yaml', code: 64, says: 'was given twice' },
  { argv: 'plan -f sound.yaml --current none --allow-deletes -1', code: 64, says: '--allow-deletes' },
  { argv: 'validate -f sound.yaml -n Shop', code: 64, says: 'takes the name of a namespace, not "Shop"' },
  { argv: 'render -f sound.yaml -n ../x', code: 64, says: 'takes the name of a namespace' },
  { argv: 'plan --default-gateway-namespace a/b', code: 64, says: 'takes the name of a namespace' },
  { argv: 'validate', code: 64, says: 'missing flag -f PATH' },
  { argv: 'validate sound.yaml', code: 64, says: 'did you mean "-f sound.yaml"?' },
  { argv: 'apply -f sound.yaml --yes', code: 64, says: 'did you mean "--auto-approve"?' },
  { argv: 'apply -f sound.yaml --dry-run=server', code: 64, says: '"srouter plan" shows what would be done' },
  { argv: 'get serviceroutes', code: 64, says: 'did you mean "srouter status"?' },
  { argv: 'diff -f sound.yaml', code: 64, says: 'did you mean "srouter plan"?' },
  { argv: 'failover stop aks01-weu', code: 64, says: 'did you mean "srouter failover end"?' },
  { argv: 'plan --concurrency 0', code: 64, says: 'takes 1 or more' },
  { argv: 'validat -f sound.yaml', code: 64, says: 'did you mean "srouter validate"?' },
  { argv: 'render -f sound.yaml -o text', code: 64, says: 'takes yaml or json, not "text"' },
  { argv: 'apply -f sound.yaml', code: 64, says: 'there is no terminal to ask on' },
  { argv: 'apply plan.json -f sound.yaml --auto-approve', code: 64, says: 'a saved plan has -f in it' },

  { argv: 'plan', code: 6, says: 'there is no kubeconfig' },
  { argv: 'plan -f sound.yaml', code: 6, says: 'hint: Get one from your cloud' },
  { argv: 'plan -f wrong.yaml --detailed-exitcode', code: 6, says: 'there is no kubeconfig' },
  { argv: 'plan -f sound.yaml --only-files', code: 6, says: 'there is no kubeconfig' },
  {
    argv: 'plan',
    code: 6,
    says: '$KUBECONFIG names /nowhere/config',
    env: { KUBECONFIG: '/nowhere/config' },
  },
  { argv: 'plan --kubeconfig /nowhere/config', code: 6, says: '/nowhere/config' },
  { argv: 'plan --kubeconfig broken.yaml', code: 6, says: 'broken.yaml' },
  { argv: 'plan --kubeconfig empty.yaml', code: 6, says: 'empty.yaml' },
  { argv: 'plan --kubeconfig .', code: 6, says: 'hint: ' },
  { argv: 'plan --context other', code: 6, says: 'hint: ' },
  { argv: 'apply -f sound.yaml --auto-approve', code: 6, says: 'there is no kubeconfig' },
  { argv: 'apply nowhere.json', code: 6, says: 'there is no kubeconfig' },
  { argv: 'doctor --strict -o json', code: 6, says: 'there is no kubeconfig' },
  { argv: 'doctor aks01', code: 64, says: 'unexpected argument "aks01"' },
]

describe('without a cluster', () => {
  test.each(rows.map(row => [row.argv, row] as const))('%s', async (argv, { code, says, env }) => {
    const ended = await run(argv.split(' '), { ...nowhere, ...env })
    expect(ended.code).toBe(code)
    if (says === undefined) expect(ended.err).toBe('')
    else expect(ended.err).toContain(says)
    if (code === 64 || code === 6)
      expect([ended.out, ended.err]).toEqual(['', expect.stringContaining('hint: ')])
    expect(ended.out + ended.err).not.toContain('    at ')
  })
})

test('the format changes no code', async () => {
  const files = { 'sound.yaml': [0, 2], 'wrong.yaml': [1, 1], 'broken.yaml': [1, 1] } as const
  for (const [file, [validated, planned]] of Object.entries(files)) {
    for (const format of ['text', 'json', 'github', 'junit', 'sarif'])
      expect((await run(['validate', '-f', file, '-o', format])).code).toBe(validated)
    for (const format of ['text', 'json', 'yaml', 'markdown']) {
      const argv = ['plan', '-f', file, '--current', 'none', '--detailed-exitcode', '-o', format]
      expect((await run(argv)).code).toBe(planned)
    }
    for (const format of ['yaml', 'json'])
      expect((await run(['render', '-f', file, '-o', format])).code).toBe(validated)
  }
})

test('standard input that is closed has nothing in it', async () => {
  const { code, out, err } = await shell(srouter(), '"$SROUTER" validate -f - <&-')
  expect([code, err]).toEqual([1, ''])
  expect(out).toContain('NoRouterResources')
})

test.if(process.platform === 'linux')(
  'a result that cannot be written is an error, whatever it is',
  async () => {
    const script = `"$SROUTER" validate -f ${folder}/sound.yaml >/dev/full`
    const { code, err } = await shell(srouter(), script)
    expect([code, err]).toEqual([1, expect.stringContaining('error: cannot write to standard output: ')])
  },
)

test('what was there is compared by DNS alone: other objects in --current only lend what the API server knows', async () => {
  const { out } = await run(['render', '-f', 'more.yaml'])
  writeFileSync(join(folder, 'dump.yaml'), documents(sound, out))
  const { code } = await run(['plan', '-f', 'more.yaml', '--current', 'dump.yaml', '--detailed-exitcode'])
  expect(code).toBe(0)
})
