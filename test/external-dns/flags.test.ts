import { describe, expect, test } from 'bun:test'
import { argumentsOf, type Container, environmentOf, expand } from '../../src/external-dns/container.ts'
import { readFlags } from '../../src/external-dns/flags.ts'
import { knownFlags, settingsOf } from '../../src/external-dns/settings.ts'

const read = (container: Container) => {
  const environment = environmentOf(container)
  return readFlags(argumentsOf(container, environment) ?? [], environment, knownFlags)
}
const secret = { secretKeyRef: { name: 'a', key: 'b' } }

describe('what ExternalDNS is given', () => {
  const rows: readonly [what: string, container: Container, values: Record<string, readonly string[]>][] = [
    ['a value behind =', { args: ['--policy=sync'] }, { policy: ['sync'] }],
    [
      'a value of its own',
      { args: ['--policy', 'sync', '--registry', 'txt'] },
      { policy: ['sync'], registry: ['txt'] },
    ],
    ['a value with =', { args: ['--label-filter=a=b,c'] }, { 'label-filter': ['a=b,c'] }],
    ['no value', { args: ['--txt-prefix=', '--events'] }, { 'txt-prefix': [''], events: ['true'] }],
    [
      'a flag more than once',
      { args: ['--source=crd', '--source', 'service'] },
      { source: ['crd', 'service'] },
    ],
    ['a switch', { args: ['--events'] }, { events: ['true'] }],
    ['its contrary', { args: ['--no-events'] }, { events: ['false'] }],
    [
      'flags that do not matter',
      { args: ['--azure-config-file', '/a', '--aws-prefer-cname', '--policy=sync'] },
      { policy: ['sync'] },
    ],
    [
      'a command',
      { command: ['external-dns', '--policy=sync'], args: ['--events'] },
      { policy: ['sync'], events: ['true'] },
    ],
    [
      'a command with an init',
      { command: ['/tini', '--', '/bin/external-dns'], args: ['--events'] },
      { events: ['true'] },
    ],
    ['another program', { command: ['/edns'], args: ['--events'] }, { events: ['true'] }],
    [
      'variables',
      {
        env: [
          { name: 'EXTERNAL_DNS_POLICY', value: 'sync' },
          { name: 'EXTERNAL_DNS_EVENTS', value: '1' },
        ],
      },
      { policy: ['sync'], events: ['true'] },
    ],
    [
      'lines of a variable',
      { env: [{ name: 'EXTERNAL_DNS_DOMAIN_FILTER', value: 'a\nb\n' }] },
      { 'domain-filter': ['a', 'b'] },
    ],
    [
      'a variable beside an argument',
      { args: ['--policy=sync'], env: [{ name: 'EXTERNAL_DNS_POLICY', value: 'upsert-only' }] },
      { policy: ['sync'] },
    ],
    ['an empty variable', { env: [{ name: 'EXTERNAL_DNS_POLICY', value: '' }] }, {}],
    [
      'a variable in an argument',
      { args: ['--txt-owner-id=$(CLUSTER)-x'], env: [{ name: 'CLUSTER', value: 'aks01' }] },
      { 'txt-owner-id': ['aks01-x'] },
    ],
  ]
  test.each(rows)('%s', (_, container, values) => {
    const flags = read(container)
    expect(Object.fromEntries(flags.values)).toEqual(values as Record<string, string[]>)
    expect(flags.problems).toEqual([])
    expect([...flags.unread]).toEqual([])
  })

  test.each<[string, Container, readonly string[]]>([
    [
      'a value from a Secret',
      { env: [{ name: 'EXTERNAL_DNS_TXT_OWNER_ID', valueFrom: secret }] },
      ['txt-owner-id'],
    ],
    [
      'a part of a value from a Secret',
      { args: ['--txt-owner-id=$(A)'], env: [{ name: 'A', valueFrom: secret }] },
      ['txt-owner-id'],
    ],
    ['a file', { args: ['@/etc/flags'] }, Object.keys(knownFlags)],
  ])('not to be known: %s', (_, container, unread) =>
    expect([...read(container).unread]).toEqual([...unread]),
  )

  test.each<[string, readonly string[], string]>([
    ['--events=true', ['--events=true'], '--events takes no value, and has "true"'],
    ['--policy twice', ['--policy=sync', '--policy=sync'], '--policy is given twice'],
    ['a word', ['--events', 'true'], '"true" is no flag'],
    ['no value', ['--txt-prefix', '--events'], '--txt-prefix has no value'],
  ])('does not start: %s', (_, args, problem) => expect(read({ args }).problems).toEqual([problem]))

  test('a shell puts its arguments together', () => {
    const container = { command: ['/bin/sh', '-c'], args: ['external-dns --events'] }
    expect(argumentsOf(container, environmentOf(container))).toBeUndefined()
  })
})

test.each([
  ['x$(A)', 'x1', true],
  ['$$(A)', '$(A)', true],
  ['$(B)', '$(B)', true],
  ['$A $( $', '$A $( $', true],
  ['$(C)', '$(C)', false],
])('%s is %s', (text, expanded, isKnown) =>
  expect(
    expand(
      text,
      new Map([
        ['A', '1'],
        ['C', undefined],
      ]),
    ),
  ).toEqual({ text: expanded, isKnown }),
)

test('the defaults', () =>
  expect(settingsOf({ values: new Map() })).toEqual({
    provider: '',
    sources: [],
    crd: 'externaldns.k8s.io/v1alpha1 DNSEndpoint',
    labelFilter: '',
    annotationFilter: '',
    namespace: '',
    domainFilters: [],
    regexDomainFilter: '',
    recordTypes: ['A', 'AAAA', 'CNAME'],
    policy: undefined,
    registry: 'txt',
    ownerId: 'default',
    previousOwner: '',
    txtPrefix: '',
    txtSuffix: '',
    interval: '1m0s',
    events: false,
    dryRun: false,
    once: false,
  }))
