import { describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { parse } from 'yaml'
import { crdOf, fileNameOf, yamlOf } from '../../scripts/crds/crd.ts'
import { type Structural, structural, withRule } from '../../scripts/crds/structural.ts'
import { crdFiles } from '../../src/api/crd-files.ts'
import { type RouterKind, routerKinds } from '../../src/api/kinds.ts'

const folder = join(import.meta.dirname, '../../crds')

describe('crds/ is what scripts/generate writes', () => {
  test('no file is missing and none is left over', () =>
    expect(readdirSync(folder).sort()).toEqual(routerKinds.map(fileNameOf).sort()))

  for (const kind of routerKinds)
    test(fileNameOf(kind), () =>
      expect(readFileSync(join(folder, fileNameOf(kind)), 'utf8')).toBe(yamlOf(kind)),
    )

  test('the executable carries the same files', () => expect(crdFiles).toEqual(routerKinds.map(yamlOf)))

  test('what was written reads back as what was meant', () => {
    for (const kind of routerKinds) {
      // Kubernetes reads YAML 1.1.
      expect(parse(yamlOf(kind), { version: '1.1' })).toEqual(parse(JSON.stringify(crdOf(kind))))
    }
  })
})

const versionOf = (kind: RouterKind) => {
  const [version] = crdOf(kind).spec.versions
  if (version === undefined) throw new Error(`${kind.kind} has no version`)
  return version
}

const byName = (name: string): RouterKind => {
  const kind = routerKinds.find(({ kind }) => kind === name)
  if (kind === undefined) throw new Error(`no kind ${name}`)
  return kind
}

/** The schema at a path from the object's root; `*` stands for items. */
const at = (kind: string, path: string): Structural =>
  path.split('.').reduce<Structural>(
    (schema, key) => {
      const next = key === '*' ? schema.items : schema.properties?.[key]
      if (next === undefined) throw new Error(`${kind} has no ${path}`)
      return next
    },
    versionOf(byName(kind)).schema.openAPIV3Schema,
  )

describe('names and scope', () => {
  const rows: readonly [kind: string, name: string, scope: string, shortNames: readonly string[]][] = [
    ['ClusterIdentity', 'clusteridentities.cluster.router.io', 'Cluster', ['ci']],
    ['DNSConfiguration', 'dnsconfigurations.cluster.router.io', 'Cluster', ['dnsc']],
    ['Gateway', 'gateways.routing.router.io', 'Namespaced', ['gw']],
    ['DNSPolicy', 'dnspolicies.routing.router.io', 'Namespaced', ['dnsp']],
    ['ServiceRoute', 'serviceroutes.routing.router.io', 'Namespaced', ['sr']],
  ]
  for (const [kind, name, scope, shortNames] of rows)
    test(kind, () => {
      const { metadata, spec } = crdOf(byName(kind))
      expect(metadata.name).toBe(name)
      expect(spec.scope).toBe(scope as 'Cluster')
      expect(spec.names).toMatchObject({ kind, listKind: `${kind}List`, shortNames, categories: ['srouter'] })
      expect(versionOf(byName(kind))).toMatchObject({
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
      })
    })
})

describe('what the schema says', () => {
  const rows: readonly [kind: string, path: string, says: Structural][] = [
    ['ClusterIdentity', 'spec', { required: ['region', 'cluster', 'domain', 'environmentLetter'] }],
    ['ClusterIdentity', 'spec.region', { type: 'string', minLength: 1, maxLength: 63 }],
    ['ClusterIdentity', 'spec.environmentLetter', { pattern: '^[a-z]$' }],
    ['ClusterIdentity', 'spec.adoptsRegions', { type: 'array', maxItems: 64 }],
    ['ClusterIdentity', 'status.applied.domain', { type: 'string' }],
    [
      'DNSConfiguration',
      'spec.externalDNSControllers',
      { minItems: 1, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
    ],
    ['DNSConfiguration', 'spec.externalDNSControllers.*', { type: 'object', required: ['name', 'region'] }],
    ['DNSConfiguration', 'spec.ttl.route', { type: 'integer', format: 'int32', default: 300, minimum: 1 }],
    ['DNSConfiguration', 'spec.ttl.gateway', { default: 60, maximum: 2147483647 }],
    ['Gateway', 'spec', { required: ['controller', 'credentialName', 'targetPostfix'] }],
    ['Gateway', 'spec.addresses', { minItems: 1, maxItems: 20 }],
    [
      'Gateway',
      'spec.allowedRoutes.namespaces.from',
      { type: 'string', default: 'All', enum: ['All', 'Same', 'Selector'] },
    ],
    [
      'Gateway',
      'spec.allowedRoutes.namespaces.selector.matchLabels',
      { type: 'object', additionalProperties: { type: 'string' } },
    ],
    ['Gateway', 'status.loadBalancerIP', { type: 'string' }],
    ['Gateway', 'status.hosts', { type: 'integer', format: 'int64' }],
    ['DNSPolicy', 'spec.mode', { default: 'Active', enum: ['Active', 'RegionBound'] }],
    ['DNSPolicy', 'status.active', { type: 'boolean' }],
    ['DNSPolicy', 'status.activeControllers', { type: 'array', items: { type: 'string' } }],
    ['ServiceRoute', 'spec', { required: ['serviceName', 'gatewayName', 'environment', 'application'] }],
    ['ServiceRoute', 'status.dnsEndpoints', { type: 'array', items: { type: 'string' } }],
    ...routerKinds.flatMap(({ kind }): [string, string, Structural][] => [
      [kind, 'status.phase', { type: 'string' }],
      [kind, 'status.observedGeneration', { type: 'integer', format: 'int64' }],
      [
        kind,
        'status.conditions',
        { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] },
      ],
      [kind, 'status.conditions.*.lastTransitionTime', { type: 'string', format: 'date-time' }],
    ]),
  ]
  for (const [kind, path, says] of rows)
    test(`${kind} ${path}: ${JSON.stringify(says)}`, () => expect(at(kind, path)).toMatchObject(says))

  test('no default in gatewayNamespace: it is a flag', () =>
    expect(at('ServiceRoute', 'spec.gatewayNamespace').default).toBeUndefined())

  test('DNSPolicy requires nothing in its spec', () =>
    expect(at('DNSPolicy', 'spec').required).toBeUndefined())
})

describe('of every kind', () => {
  const all = routerKinds.map(kind => ({ kind, root: versionOf(kind).schema.openAPIV3Schema }))
  const below = (schema: Structural, path: string): readonly (readonly [string, Structural])[] => [
    [path, schema],
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      below(property, `${path}.${name}`),
    ),
    ...(schema.items === undefined ? [] : below(schema.items, `${path}[]`)),
    ...(schema.additionalProperties === undefined ? [] : below(schema.additionalProperties, `${path}{}`)),
  ]
  const nodes = all.flatMap(({ kind, root }) => below(root, kind.kind))
  const wrong = (is: (schema: Structural, path: string) => boolean) =>
    nodes.filter(([path, schema]) => is(schema, path)).map(([path]) => path)

  test('the spec is required where some field of it is, the status never', () => {
    for (const { kind, root } of all) {
      expect(root.required).toEqual(kind.kind === 'DNSPolicy' ? undefined : ['spec'])
      expect(Object.keys(root.properties ?? {})).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'status'])
    }
  })

  test('the schema is structural: every node has its type', () =>
    expect(wrong(schema => schema.type === undefined)).toEqual([]))

  test('objects either name their fields or are maps', () =>
    expect(
      wrong(schema => schema.properties !== undefined && schema.additionalProperties !== undefined),
    ).toEqual([]))

  test('the status has no enums, patterns or limits', () =>
    expect(
      wrong(
        (schema, path) =>
          path.includes('.status') &&
          [schema.enum, schema.pattern, schema.maxLength, schema.maxItems, schema.default].some(
            rule => rule !== undefined,
          ),
      ),
    ).toEqual([]))

  test('the keys of a list of type map are required', () =>
    expect(
      wrong(schema =>
        (schema['x-kubernetes-list-map-keys'] ?? []).some(key => !schema.items?.required?.includes(key)),
      ),
    ).toEqual([]))

  test('patterns have nothing that RE2, with which the API server reads them, lacks', () =>
    expect(wrong(schema => /\(\?|\\[1-9pPbBdDsSwWu]/.test(schema.pattern ?? ''))).toEqual([]))

  test('patterns are bound at both ends', () =>
    expect(wrong(({ pattern = '^$' }) => !pattern.startsWith('^') || !pattern.endsWith('$'))).toEqual([]))

  test('every field of a spec is described', () =>
    expect(
      wrong((schema, path) => /\.spec\.[a-zA-Z]+$/.test(path) && schema.description === undefined),
    ).toEqual([]))

  test('every CEL rule stands where its path says', () => {
    for (const { kind } of all)
      for (const { path, rule, message } of kind.rules)
        expect(at(kind.kind, ['spec', ...path].join('.'))['x-kubernetes-validations']).toContainEqual({
          rule,
          message,
        })
  })

  test('every column shows a field that the schema has, of its type', () => {
    for (const { kind } of all)
      for (const { jsonPath, type } of kind.columns) {
        if (jsonPath.startsWith('.metadata.')) continue
        const path = jsonPath.slice(1).replace(/\[.*?\)\]/, '.*')
        expect(at(kind.kind, path).type).toBe(type)
      }
  })
})

describe('what has no place in a CRD is an error', () => {
  const rows: readonly [what: string, schema: v.GenericSchema][] = [
    ['a union', v.strictObject({ a: v.union([v.string(), v.number()]) })],
    ['metadata of no meaning', v.strictObject({ a: v.pipe(v.string(), v.metadata({ colour: 'red' })) })],
    ['null', v.strictObject({ a: v.nullable(v.string()) })],
  ]
  for (const [what, schema] of rows) test(what, () => expect(() => structural(schema)).toThrow())

  test('a rule at a path that is not there', () =>
    expect(() => withRule({ properties: {} }, { path: ['a'], rule: 'true', message: '' })).toThrow('path'))

  test('an enum in a status', () => {
    const kind = { ...byName('DNSPolicy'), status: v.looseObject({ phase: v.picklist(['Active']) }) }
    expect(() => crdOf(kind)).toThrow('enum')
  })
})
