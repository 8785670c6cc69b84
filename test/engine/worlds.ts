import fc from 'fast-check'
import type { KubeObject } from '../../src/api/object.ts'
import { at, configuration, controllers, gateway, identity, policy, route, service } from './build.ts'

/** Small alphabets, so that names meet, conflict and run over their limits often. */
const namespaces = ['app', 'shop', 'n'.repeat(60)]
const word = fc.constantFrom('a', 'b', 'a-b', 'b-c', 'c', '-', 'x.y', 'own-a', 'w'.repeat(40), 'Z', '')
const region = fc.constantFrom('weu', 'neu', 'frc')
const created = fc.integer({ min: 0, max: 3 }).map(at)

const optional = <T>(key: string, value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.option(value).map(chosen => (chosen === null ? {} : { [key]: chosen }))

const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map(all => Object.assign({}, ...all) as object)

const address = fc.constantFrom<object>(
  { ip: '10.0.0.1' },
  { ip: '10.0.0.2' },
  { ip: 'fd00::1' },
  { hostname: 'lb.example' },
)

/** Platforms, policies and routes of all sorts. */
export const worlds: fc.Arbitrary<readonly KubeObject[]> = fc
  .record({
    identity: merged(
      region.map(r => ({ region: r })),
      optional('adoptsRegions', fc.uniqueArray(region)),
    ),
    regions: fc.uniqueArray(region, { minLength: 1 }),
    prefix: fc.constantFrom<object>(
      {},
      { txtPrefix: 'a-' },
      { txtPrefix: 'prefix-', gatewayTxtPrefix: 'gateway-' },
    ),
    gateways: fc.uniqueArray(
      fc.tuple(fc.constantFrom('internal', 'external', 'g'.repeat(63)), fc.constantFrom('i', 'e'), created),
      {
        selector: ([name]) => name,
      },
    ),
    services: fc.uniqueArray(fc.tuple(fc.constantFrom('i', 'e'), fc.array(address, { maxLength: 3 })), {
      selector: ([name]) => name,
    }),
    policies: fc.uniqueArray(
      fc.tuple(
        fc.constantFrom(...namespaces),
        fc.constantFrom('dns-policy', 'second'),
        merged(
          fc.constantFrom<object>({}, { mode: 'RegionBound' }, { mode: 'Active' }),
          optional('sourceRegion', region),
        ),
        created,
      ),
      { selector: ([ns, name]) => `${ns}/${name}` },
    ),
    routes: fc.uniqueArray(
      fc.tuple(
        fc.constantFrom(...namespaces),
        fc.constantFrom('a', 'a-b', 'r', 's', 'l'.repeat(250)),
        fc.record({
          serviceName: word,
          environment: word,
          application: word,
          gatewayName: fc.constantFrom('internal', 'external', 'nope'),
        }),
        created,
      ),
      { selector: ([ns, name]) => `${ns}/${name}`, maxLength: 12 },
    ),
  })
  .map(w => [
    identity(w.identity),
    configuration({
      externalDNSControllers: [
        ...controllers(...w.regions).map(c => ({ ...c, ...w.prefix })),
        { name: 'b-c', region: w.regions[0] },
        { name: 'c', region: w.regions[0] },
      ],
    }),
    ...w.gateways.map(([name, controller, meta]) =>
      gateway(name, { controller: `igw-${controller}`, targetPostfix: name.slice(0, 30) }, meta),
    ),
    ...w.services.map(([name, ingress]) => service(name, ingress)),
    ...w.policies.map(([ns, name, spec, meta]) => policy(ns, spec, { name, ...meta })),
    ...w.routes.map(([ns, name, spec, meta]) => route(ns, name, spec, meta)),
  ])
