import { expect, test } from 'bun:test'
import type { Word } from '../../src/external-dns/container.ts'
import { readFlags } from '../../src/external-dns/flags.ts'
import { knownFlags, type Settings, settingsOf } from '../../src/external-dns/settings.ts'
import { type InstanceKind, instanceArguments } from '../lab/external-dns-arguments.ts'
import { describeLab } from '../lab/suite.ts'
import { executable } from '../lab/tools.ts'

/** Arguments and variables, read by us as ExternalDNS itself reads them: it prints what it has understood, and ends. */

type Row = readonly [what: string, args: readonly string[], env?: Readonly<Record<string, string>>]

const documented = (kind: InstanceKind): readonly string[] =>
  instanceArguments({ kind, cluster: 'aks01-weu', region: 'neu', domain: 'aks.example.com' })

const understood: readonly Row[] = [
  ['the defaults', ['--source=crd']],
  ['routes, as documented', documented('routes')],
  ['gateways, as documented', documented('gateways')],
  ['the single set-up, as documented', documented('single')],
  ['values of their own', ['--source', 'crd', '--policy', 'upsert-only', '--label-filter', 'a=b,c']],
  ['several values', ['--source=crd', '--source', 'service', '--domain-filter=a', '--domain-filter', 'b']],
  ['nothing for a value', ['--source=crd', '--txt-prefix=', '--label-filter=']],
  ['switches', ['--source=crd', '--events', '--dry-run', '--no-once']],
  ['a switch off', ['--source=crd', '--no-events']],
  ['types left out', ['--source=crd', '--exclude-record-types=AAAA', '--managed-record-types=A']],
  [
    'flags that do not matter',
    ['--source=crd', '--azure-config-file', '/a', '--aws-prefer-cname', '--txt-owner-id=x'],
  ],
  [
    'variables',
    ['--source=crd'],
    { EXTERNAL_DNS_EVENTS: '1', EXTERNAL_DNS_TXT_OWNER_ID: 'x', EXTERNAL_DNS_POLICY: 'create-only' },
  ],
  [
    'lines of a variable',
    [],
    { EXTERNAL_DNS_SOURCE: 'crd\nservice\n', EXTERNAL_DNS_MANAGED_RECORD_TYPES: 'A\nTXT' },
  ],
  [
    'an argument before a variable',
    ['--source=crd', '--policy=sync'],
    { EXTERNAL_DNS_POLICY: 'upsert-only' },
  ],
  ['a variable that is empty', ['--source=crd'], { EXTERNAL_DNS_TXT_PREFIX: '' }],
  ['an interval', ['--source=crd', '--interval=1m30s']],
]

const refused: readonly Row[] = [
  ['a switch with a value', ['--source=crd', '--events=true']],
  ['a switch and a word', ['--source=crd', '--events', 'true']],
  ['a flag twice', ['--source=crd', '--policy=sync', '--policy=sync']],
  ['a flag without its value', ['--source=crd', '--txt-prefix', '--events']],
  ['a word', ['--source=crd', 'x']],
]

describeLab(
  'the flags of ExternalDNS',
  () => {
    const run = async ([, args, env = {}]: Row): Promise<string> => {
      const always = ['--provider=inmemory', '--kubeconfig=/nonexistent', '--log-format=json']
      const child = Bun.spawn([await executable('external-dns'), ...always, ...args], {
        env: { ...env },
        stdout: 'pipe',
        stderr: 'pipe',
        timeout: 30_000,
      })
      const [out, err] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ])
      return out + err
    }
    const read = ([, args, env = {}]: Row) =>
      readFlags(
        args.map((text): Word => ({ text, isKnown: true })),
        new Map(Object.entries(env)),
        knownFlags,
      )

    test.each(understood.map((row): [string, Row] => [row[0], row]))('%s', async (_, row) => {
      const flags = read(row)
      expect(flags.problems).toEqual([])
      expect(settingsOf(flags)).toMatchObject(asPrinted(await run(row)))
    })

    test.each(refused.map((row): [string, Row] => [row[0], row]))('does not start: %s', async (_, row) => {
      expect(await run(row)).toContain('flag parsing error: ')
      expect(read(row).problems).toHaveLength(1)
    })
  },
  'external-dns',
)

/** What ExternalDNS says that it has understood: `config: {… Policy:sync … Sources:[crd service] …}`. */
const asPrinted = (printed: string): Partial<Settings> => {
  const one = (field: string): string => {
    const found = new RegExp(`[ {]${field}:(\\[[^\\]]*\\]|[^ }]*)`).exec(printed)?.[1]
    if (found === undefined) throw new Error(`no ${field} in: ${printed}`)
    return found
  }
  const many = (field: string): readonly string[] =>
    one(field)
      .slice(1, -1)
      .split(' ')
      .filter(item => item !== '')
  const excluded = many('ExcludeDNSRecordTypes')
  return {
    sources: many('Sources'),
    crd: `${one('CRDSourceAPIVersion')} ${one('CRDSourceKind')}`,
    labelFilter: one('LabelFilter'),
    annotationFilter: one('AnnotationFilter'),
    namespace: one('Namespace'),
    domainFilters: many('DomainFilter'),
    recordTypes: many('ManagedDNSRecordTypes')
      .filter(type => !excluded.includes(type))
      .toSorted(),
    registry: one('Registry'),
    ownerId: one('TXTOwnerID'),
    txtPrefix: one('TXTPrefix'),
    txtSuffix: one('TXTSuffix'),
    interval: one('Interval'),
    events: one('UpdateEvents') === 'true',
    dryRun: one('DryRun') === 'true',
    once: one('Once') === 'true',
    // Where it is not said, v0.21.0 has one all the same.
    ...(one('Policy') === 'sync' ? {} : { policy: one('Policy') }),
  }
}
