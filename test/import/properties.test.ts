import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { ClusterIdentitySpec } from '../../src/api/cluster-identity.ts'
import type { IstioGatewaySpec } from '../../src/api/foreign.ts'
import type { GatewaySpec } from '../../src/api/gateway.ts'
import type { KubeObject } from '../../src/api/object.ts'
import type { ToldGateway } from '../../src/import/request.ts'
import { isOutput } from '../../src/source/overlay.ts'
import { applied, configuration, gateway, identity, policy, route, run, service } from '../engine/build.ts'
import { worlds } from '../engine/worlds.ts'
import { disowned, domain, endpoint, hostOf, imported, istio, linesOf, remade, target } from './support.ts'

const platformKinds = new Set(['ClusterIdentity', 'DNSConfiguration', 'Gateway'])

/**
 * What somebody would have who has written by hand all that srouter makes of a world. The addresses under names of their
 * own: srouter could not write them beside.
 */
const byHand = (world: readonly KubeObject[]): readonly KubeObject[] =>
  applied(run(world)).map((made, index) => {
    const { metadata, ...rest } = disowned(made)
    const isAddress = metadata.labels?.['router.io/resource-type'] !== undefined
    return { ...rest, metadata: isAddress ? { ...metadata, name: `addresses-${index}` } : metadata }
  })

/** No Istio Gateway says what a Gateway is whose hosts are none. */
const unused = (world: readonly KubeObject[]): readonly ToldGateway[] =>
  world
    .filter(({ kind, spec }) => kind === 'Gateway' && !serves(world, (spec as GatewaySpec).controller))
    .map(({ spec }) => spec as GatewaySpec)

const serves = (world: readonly KubeObject[], controller: string): boolean =>
  byHand(world).some(
    ({ apiVersion, spec }) =>
      apiVersion.startsWith('networking.istio.io/') &&
      (spec as IstioGatewaySpec).selector?.istio === controller,
  )

const identityIn = (world: readonly KubeObject[]): ClusterIdentitySpec =>
  world.find(({ kind }) => kind === 'ClusterIdentity')?.spec as ClusterIdentitySpec

const records = (world: readonly KubeObject[]): readonly string[] => linesOf(run(world).plan.records)

const withoutNotes = (findings: readonly { readonly code: string; readonly message: string }[]) =>
  findings.filter(({ code }) => !['TTLDiffers', 'AdditionalRecord', 'IstioGatewayKept'].includes(code))

const runs = { numRuns: Number(process.env.SROUTER_TEST_RUNS ?? 100) }

describe('what srouter would make of any resources, made by hand', () => {
  test('is imported to the last record, with nothing known but services and which cluster it is', () => {
    fc.assert(
      fc.property(worlds, world => {
        const services = world.filter(({ kind }) => kind === 'Service')
        const { region, cluster, domain, environmentLetter } = identityIn(world)
        const result = imported([...services, ...byHand(world)], {
          region,
          cluster,
          domain,
          environmentLetter,
          gateways: unused(world),
        })
        expect(withoutNotes(result.findings)).toEqual([])
        expect(result.records.filter(({ reproduced }) => !reproduced)).toEqual([])
        expect(remade(result, services)).toEqual([...records(world)])
      }),
      runs,
    )
  })

  test('is imported to the last record where the platform is there already', () => {
    fc.assert(
      fc.property(worlds, world => {
        const known = world.filter(({ kind }) => kind === 'Service' || platformKinds.has(kind))
        const result = imported([...known, ...byHand(world)])
        expect(withoutNotes(result.findings)).toEqual([])
        expect(result.records.filter(({ reproduced }) => !reproduced)).toEqual([])
      }),
      runs,
    )
  })

  test('needs nothing more where the resources are there as well', () => {
    fc.assert(
      fc.property(worlds, world => {
        const result = imported([...world, ...byHand(world)])
        expect(result.proposal).toEqual([])
      }),
      runs,
    )
  })
})

/** Small alphabets, so that things meet, contradict each other and are nearly right. */
const someRecord: fc.Arbitrary<object> = fc
  .record({
    dnsName: fc.oneof(
      fc.constantFrom(
        ...['api', 'web', 'own-x'].flatMap(each =>
          ['prod-app', 'prod-my-app', 'x'].map(rest => hostOf(`${each}-ns-p-${rest}`)),
        ),
      ),
      fc.constantFrom(
        hostOf('api-ns-d-prod-app'),
        hostOf('*'),
        hostOf('www'),
        domain,
        'api-ns-p-prod-app.other.example.com',
      ),
      fc.constantFrom(target(), target('external'), target('internal', 'aks01-neu')),
    ),
    to: fc.constantFrom(
      ['CNAME', [target()]],
      ['CNAME', [target()]],
      ['CNAME', [target('external')]],
      ['CNAME', [target('internal', 'aks01-neu')]],
      ['CNAME', ['lb.example.net']],
      ['A', ['10.0.0.1']],
      ['A', ['10.0.0.1']],
      ['A', ['10.0.0.2', '10.0.0.1']],
      ['AAAA', ['fd00::1']],
      ['TXT', ['text']],
    ),
    recordTTL: fc.constantFrom(0, 30, 300),
  })
  .map(({ to: [recordType, targets], ...rest }) => ({ ...rest, recordType, targets }))

const someEndpoint: fc.Arbitrary<KubeObject> = fc
  .tuple(
    fc.constantFrom('weu', 'neu', 'frc'),
    fc.array(someRecord, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('app', 'my-app', 'b'),
    fc.constantFrom('api-external-dns-weu', 'web-external-dns-neu', undefined),
  )
  .map(([zone, records, namespace, name]) =>
    endpoint(zone, records, { namespace, ...(name === undefined ? {} : { name }) }),
  )

const somethingByHand: fc.Arbitrary<readonly KubeObject[]> = fc
  .tuple(
    fc.uniqueArray(someEndpoint, {
      selector: ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
      maxLength: 10,
    }),
    fc.subarray([
      service('internal', [{ ip: '10.0.0.1' }]),
      service('external', [{ hostname: 'lb.example.net' }]),
      istio('internal', [`*.${domain}`]),
      istio('some', [hostOf('api-ns-p-prod-app')]),
    ]),
    fc.subarray([
      identity(),
      configuration(),
      gateway('internal'),
      policy('app'),
      policy('b', { mode: 'RegionBound' }),
      route('app', 'api', { application: 'my-app' }),
    ]),
  )
  .map(([endpoints, around, present]) => [...around, ...present, ...endpoints])

/** Of a line as `linesOf` makes them: without the targets. */
const keyOf = (line: string): string => line.split(' ').slice(0, 4).join(' ')

describe('whatever was made by hand', () => {
  const place = { region: 'weu', cluster: 'aks01', domain, environmentLetter: 'p' }
  const gateways = [{ targetPostfix: 'external', controller: 'igw-external', credentialName: 'tls' }]

  test('nothing is said to be reproduced that is not, and nothing else is made without being said', () => {
    fc.assert(
      fc.property(somethingByHand, objects => {
        const result = imported(objects, { ...place, gateways })
        const made = remade(result, objects)
        const flat = result.records.map(each => ({ ...each, ...each.writer }))
        const original = new Set(linesOf(flat))
        expect(
          linesOf(flat.filter(({ reproduced }) => reproduced)).filter(line => !made.includes(line)),
        ).toEqual([])
        const said = result.findings
          .filter(({ code }) => code === 'AdditionalRecord')
          .map(({ message }) => message)
        const present = remade({ proposal: [], replaced: [] }, objects)
        const keys = new Set([...original].map(keyOf))
        // What an original is instead is said of that one: see the next test.
        const isNew = (line: string): boolean => !present.includes(line) && !keys.has(keyOf(line))
        for (const line of made.filter(isNew)) {
          const [, zone = '', name = '', type = ''] = line.split(' ')
          expect(
            said.some(message => message.startsWith(`${type} ${name} `) && message.endsWith(`zone ${zone}`)),
          ).toBe(true)
        }
      }),
      runs,
    )
  })

  test('every record is reproduced, or there is a finding about it', () => {
    fc.assert(
      fc.property(somethingByHand, objects => {
        const result = imported(objects, { ...place, gateways })
        for (const { reproduced, type, name, writer } of result.records) {
          if (reproduced) continue
          const about = `${type} ${name} in zone ${writer.zone}: `
          const isSaid = result.findings.some(
            ({ code, message }) => code === 'IdentityUnknown' || message.startsWith(about),
          )
          expect([about, isSaid]).toEqual([about, true])
        }
      }),
      runs,
    )
  })

  test('the proposal has no error, and can be applied beside what is there', () => {
    fc.assert(
      fc.property(somethingByHand, objects => {
        const { proposal } = imported(objects, { ...place, gateways })
        const inputs = [...objects.filter(each => !isOutput(each)), ...proposal.map(({ object }) => object)]
        const { plan } = run(inputs, objects.filter(isOutput))
        const proposed = new Set<unknown>(proposal.map(({ object }) => object))
        expect(
          plan.findings.filter(({ severity, subject }) => severity === 'error' && proposed.has(subject)),
        ).toEqual([])
      }),
      runs,
    )
  })
})
