import { describe, expect, test } from 'bun:test'
import type { Container } from '../../src/external-dns/container.ts'
import { instancesIn } from '../../src/external-dns/instance.ts'
import { roleOf, zoneSetUp } from '../../src/external-dns/set-up.ts'
import { settingsOf } from '../../src/external-dns/settings.ts'
import { versionOf } from '../../src/external-dns/version.ts'
import { type InstanceKind, instanceArguments, ownershipOf } from '../lab/external-dns-arguments.ts'

const image = 'registry.k8s.io/external-dns/external-dns:v0.21.0'
const controller = { name: 'external-dns-neu', region: 'neu' }

const deployment = (container: Container, replicas = 1) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'dns', name: container.name ?? 'a' },
  spec: { replicas, template: { spec: { containers: [container] } } },
})
const like = (
  kind: InstanceKind,
  other: Partial<ReturnType<typeof ownershipOf>> = {},
  more: readonly string[] = [],
) => {
  const instance = { kind, cluster: 'aks01-weu', region: 'neu', domain: 'aks.example.com' }
  const args = [
    '--provider=rfc2136',
    ...instanceArguments(instance, { ...ownershipOf(instance), ...other }),
    ...more,
  ]
  return deployment({ name: kind, image, args })
}
const setUp = (...deployments: readonly ReturnType<typeof deployment>[]) => {
  const { kind, instances } = zoneSetUp(controller, instancesIn(deployments))
  return [kind, ...instances.map(({ role, deviations }) => [role, ...deviations].join(' '))]
}

describe('the set-up of a zone', () => {
  test('split, as documented', () =>
    expect(setUp(like('gateways'), like('routes'))).toEqual(['split', 'gateways', 'routes']))
  test('single, as documented', () => expect(setUp(like('single'))).toEqual(['single', 'single']))
  test('none', () => expect(setUp()).toEqual(['none']))
  test('half of it', () => expect(setUp(like('routes'))).toEqual(['other', 'routes']))
  test('both', () => expect(setUp(like('routes'), like('gateways'), like('single')).at(0)).toBe('other'))
  test('one prefix', () =>
    expect(setUp(like('routes'), like('gateways', { txtPrefix: 'sr-' })).at(0)).toBe('other'))
  test('one owner', () =>
    expect(setUp(like('routes'), like('gateways', { ownerId: 'aks01-weu' })).at(0)).toBe('other'))
  test('another policy', () =>
    expect(setUp(like('single', { policy: 'sync' }))).toEqual(['other', 'single policy']))
  test('too many types', () =>
    expect(setUp(like('routes', {}, ['--managed-record-types=A']))).toEqual([
      'other',
      'routes recordTypesTooMany',
    ]))
  test('missing types', () =>
    expect(setUp(like('gateways', {}, ['--exclude-record-types=AAAA']))).toEqual([
      'other',
      'gateways recordTypesMissing',
    ]))
  test('no registry', () =>
    expect(
      setUp(deployment({ image, args: ['--source=crd', '--registry=noop', '--policy=upsert-only'] })),
    ).toEqual(['other', 'single registry']))
  test('stopped', () =>
    expect(setUp({ ...like('single'), ...{ spec: { ...like('single').spec, replicas: 0 } } })).toEqual([
      'none',
    ]))
})

describe('what is selected by', () => {
  const role = (...args: readonly [string, string][]) =>
    roleOf(
      settingsOf({
        values: new Map([['source', ['crd']], ...args.map(([flag, value]) => [flag, [value]] as const)]),
      }),
      controller,
    )
  test.each([
    ['', 'single'],
    ['router.io/region=neu', 'single'],
    ['router.io/region in (weu, neu)', 'single'],
    ['router.io/region=weu', undefined],
    ['app=external-dns-neu', 'single'],
    ['router.io/controller=external-dns-weu', undefined],
    ['router.io/region=neu,router.io/serviceroute', 'routes'],
    ['router.io/region=neu,!router.io/serviceroute', 'gateways'],
    ['router.io/resource-type!=gateway-service', 'routes'],
    ['no selector at all', undefined],
  ] as const)('--label-filter=%s', (filter, answer) => expect(role(['label-filter', filter])).toBe(answer))
  test.each([
    ['external-dns.alpha.kubernetes.io/controller=external-dns-neu', 'single'],
    ['external-dns.alpha.kubernetes.io/controller=external-dns-weu', undefined],
  ] as const)('--annotation-filter=%s', (filter, answer) =>
    expect(role(['annotation-filter', filter])).toBe(answer),
  )
  test('another source', () => expect(role(['source', 'service'])).toBeUndefined())
  test('another kind', () => expect(role(['crd-source-kind', 'Record'])).toBeUndefined())
})

describe('which containers are an ExternalDNS', () => {
  const found = (container: Container) => instancesIn([deployment(container)]).length
  test.each<[string, Container, number]>([
    ['by its image', { image }, 1],
    [
      'by its flags',
      { image: 'registry.example.com/mirror/edns:1', args: ['--source=crd', '--provider=azure'] },
      1,
    ],
    [
      'by its variables',
      {
        image: 'edns',
        env: [
          { name: 'EXTERNAL_DNS_SOURCE', value: 'crd' },
          { name: 'EXTERNAL_DNS_PROVIDER', value: 'aws' },
        ],
      },
      1,
    ],
    ['a webhook beside it', { image: 'example/external-dns-hetzner-webhook:v0.8.0' }, 0],
    ['something else', { image: 'nginx', args: ['--source=a'] }, 0],
    ['nothing', {}, 0],
  ])('%s', (_, container, count) => expect(found(container)).toBe(count))

  test('with what is known of it', () => {
    const [instance] = instancesIn([deployment({ name: 'a', image, args: ['--events=true'] }, 2)])
    expect(instance).toMatchObject({
      namespace: 'dns',
      name: 'a',
      version: { major: 0, minor: 21 },
      replicas: 2,
      available: 0,
      unread: ['source'],
      problems: ['--events takes no value, and has "true"'],
    })
  })
})

test.each([
  ['registry.k8s.io/external-dns/external-dns:v0.21.0', '0.21'],
  ['bitnami/external-dns:0.14.2-debian-12-r4', '0.14'],
  ['localhost:5000/external-dns:v20240101-v0.14.0', '0.14'],
  ['external-dns:v0.22', '0.22'],
  ['external-dns:v0.22.0@sha256:00', '0.22'],
  ['external-dns:latest', undefined],
  ['localhost:5000/external-dns', undefined],
  ['external-dns@sha256:00', undefined],
])('the version of %s', (name, answer) => {
  const version = versionOf(name)
  expect(version && `${version.major}.${version.minor}`).toBe(answer)
})
