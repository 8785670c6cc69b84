import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { commands } from '../../src/cli/commands/index.ts'
import { service } from '../engine/build.ts'
import { address, cname, endpoint, hostOf, istio, target } from '../import/support.ts'
import { type Ended, runInMemory } from './host.ts'

const yaml = (objects: readonly unknown[]): string =>
  objects.map(each => `---\n${JSON.stringify(each)}`).join('\n')

const run = (argv: readonly string[], stdin: string | readonly unknown[]): Promise<Ended> =>
  runInMemory(argv, commands, { stdin: typeof stdin === 'string' ? stdin : yaml(stdin) })

const objects: readonly KubeObject[] = [
  service(),
  istio('by-hand', [hostOf('api-ns-p-prod-app')]),
  endpoint('weu', [address()], { namespace: 'ingress', name: 'gateway' }),
  endpoint('weu', [cname('api-ns-p-prod-app')], { name: 'api' }),
]

describe('import -f', () => {
  test('makes manifests that validate, and plan to what there is', async () => {
    const { code, out, err } = await run(['import', '-f', '-'], objects)
    expect([code, err]).toEqual([0, 'Reproduced: 2 of 2 records of 2 DNSEndpoints, 1 of 1 Istio Gateway\n'])
    expect(await run(['validate', '--strict', '-f', '-'], `${out}\n${yaml([service()])}`)).toMatchObject({
      code: 0,
      err: '',
    })
    const plan = await run(['plan', '-f', '-', '--current', 'none', '-o', 'json'], `${out}\n${yaml(objects)}`)
    const { records, findings } = JSON.parse(plan.out) as {
      records: readonly Record<string, unknown>[]
      findings: readonly unknown[]
    }
    expect(findings).toEqual([])
    expect(records.map(({ zone, name, type, targets, ttl }) => ({ zone, name, type, targets, ttl }))).toEqual(
      [
        { zone: 'weu', name: target(), type: 'A', targets: ['10.0.0.1'], ttl: 60 },
        { zone: 'weu', name: hostOf('api-ns-p-prod-app'), type: 'CNAME', targets: [target()], ttl: 300 },
      ],
    )
  })

  test('says with its place what stays as it is; that is no error', async () => {
    const text = endpoint('weu', [{ dnsName: 'x', recordType: 'TXT', targets: ['y'] }], { name: 'text' })
    const { code, out, err } = await run(['import', '-f', '-'], [...objects, text])
    expect(code).toBe(0)
    expect(out).toContain('kind: ServiceRoute')
    expect(err).toContain('<stdin>:10:')
    expect(err).toContain('warning [RecordTypeNotDerived] TXT x in zone weu: srouter makes A, AAAA and CNAME')
    expect(err).toEndWith('Reproduced: 2 of 3 records of 3 DNSEndpoints, 1 of 1 Istio Gateway\n')
  })

  test('as JSON: proposal, records, what can go, and what cannot', async () => {
    const text = endpoint('weu', [{ dnsName: 'x', recordType: 'TXT', targets: ['y'] }], { name: 'text' })
    const { code, out, err } = await run(['import', '-f', '-', '-o', 'json'], [...objects, text])
    expect([code, err]).toEqual([0, ''])
    const document = JSON.parse(out) as {
      proposal: readonly { object: KubeObject; comments: readonly string[] }[]
    }
    expect(document).toMatchObject({
      formatVersion: '1.0',
      complete: false,
      summary: {
        records: 3,
        reproduced: 2,
        proposed: 5,
        handMade: { dnsEndpoints: 3, istioGateways: 1 },
        replaced: 3,
        owned: { dnsEndpoints: 0, istioGateways: 0 },
      },
      records: [
        { reproduced: true, zone: 'weu', controller: 'external-dns-weu', name: target(), type: 'A' },
        { reproduced: true, name: hostOf('api-ns-p-prod-app'), type: 'CNAME', ttl: 300 },
        { reproduced: false, name: 'x', type: 'TXT', ttl: null, targets: ['y'] },
      ],
      replaced: [
        { kind: 'DNSEndpoint', namespace: 'ingress', name: 'gateway' },
        { kind: 'DNSEndpoint', namespace: 'app', name: 'api' },
        { kind: 'Gateway', namespace: 'istio-system', name: 'by-hand' },
      ],
      findings: [{ code: 'RecordTypeNotDerived', file: '<stdin>', line: 10 }],
    })
    expect(document.proposal.map(({ object }) => object.kind)).toEqual([
      'ClusterIdentity',
      'DNSConfiguration',
      'Gateway',
      'DNSPolicy',
      'ServiceRoute',
    ])
  })

  test('a chart that names no namespace gets the one of -n', async () => {
    const bare = objects.map(({ metadata: { namespace: _, ...metadata }, ...rest }) => ({
      ...rest,
      metadata,
    }))
    expect((await run(['import', '-f', '-', '-n', 'shop'], bare)).out).toContain('namespace: shop')
    expect(await run(['import', '-f', '-'], bare)).toMatchObject({
      code: 1,
      err: expect.stringContaining('MissingNamespace'),
    })
  })

  test('Istio Gateways of v1beta1 are the same', async () => {
    const older = objects.map(each =>
      each.kind === 'Gateway' ? { ...each, apiVersion: 'networking.istio.io/v1beta1' } : each,
    )
    expect(await run(['import', '-f', '-'], older)).toEqual(await run(['import', '-f', '-'], objects))
  })

  test.each([
    [
      'nothing to import',
      [service()],
      'error [NothingToImport] there is no DNSEndpoint and no Istio Gateway',
    ],
    ['a file that is none', 'a: [', '[ParseError]'],
    [
      'an identity that cannot be told',
      [endpoint('weu', [{ dnsName: 'x.y', recordType: 'TXT', targets: ['z'] }])],
      'error [IdentityUnknown] the domain cannot be told from the records\n  hint: tell it with --domain',
    ],
  ])('%s', async (_, input, said) => {
    const { code, err } = await run(['import', '-f', '-'], input)
    expect(err).toContain(said)
    expect(code).toBe(1)
  })

  test.each([
    ['--controller', 'weu', '--controller weu is not NAME=REGION'],
    ['--gateway', 'internal=a', '--gateway internal=a is not POSTFIX=CONTROLLER,CREDENTIAL'],
  ])('%s %s is refused', async (flag, value, said) => {
    expect(await run(['import', '-f', '-', flag, value], objects)).toMatchObject({
      code: 64,
      err: expect.stringContaining(said),
    })
  })

  test('what is told and is no legal name makes no manifest', async () => {
    const { code, out, err } = await run(
      ['import', '-f', '-', '--region', 'W EU', '--cluster', 'aks01'],
      objects,
    )
    expect([code, out.includes('kind:')]).toEqual([1, false])
    expect(err).toContain('make no legal ClusterIdentity')
  })
})

describe('hostile text', () => {
  const attacks = [
    '\u001b[31mred\u001b[2J',
    'a\n---\nkind: ConfigMap',
    '\r\n::error::x',
    '##vso[task.setvariable variable=x]y',
    '\u202e\u2028\u0085 ##[group]',
    'a # b: "c" \'d\' {{ x }} *y &z',
  ]
  const hostile = attacks.flatMap(attack => [
    endpoint('weu', [{ ...cname('x'), dnsName: attack }]),
    endpoint('weu', [{ ...cname(`web-ns-p-prod-app`), targets: [attack] }]),
    endpoint('weu', [{ ...cname('x'), recordType: attack }]),
    endpoint('', [cname('y-ns-p-prod-app')], { labels: { 'router.io/controller': attack } }),
    endpoint('', [cname('z-ns-p-prod-app')], {
      labels: { 'router.io/controller': 'external-dns-weu', 'router.io/region': attack },
    }),
    endpoint('', [cname('v-ns-p-prod-app')], {
      labels: {},
      annotations: { 'external-dns.kubernetes.io/controller': attack },
    }),
    istio(`i${attacks.indexOf(attack)}`, [attack], { selector: { istio: attack } }),
    istio(`j${attacks.indexOf(attack)}`, [hostOf('u-ns-p-prod-app')], {
      servers: [
        {
          hosts: [hostOf('u-ns-p-prod-app'), attack],
          port: { number: 443, protocol: attack },
          tls: { mode: 'SIMPLE', credentialName: attack, [attack]: 1 },
        },
      ],
    }),
  ])

  test.each(['yaml', 'json'])('does nothing where it is shown: -o %s', async format => {
    const argv = ['import', '-f', '-', '-o', format, '--region', 'weu', '--cluster', 'aks01']
    const { out, err } = await run(argv, [
      ...objects,
      ...hostile,
      endpoint('weu', [cname('u-ns-p-prod-app')]),
    ])
    for (const text of [out, err]) {
      expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/)
      expect(text).not.toMatch(/^\s*::[a-z-]+/m)
      expect(text).not.toMatch(/##(vso)?\[/)
    }
    if (format === 'yaml') {
      expect(out).not.toContain('kind: ConfigMap')
      expect((await run(['validate', '-f', '-'], out)).code).toBe(0)
    }
  })
})
