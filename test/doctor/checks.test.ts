import { beforeAll, describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { checks } from '../../src/doctor/checks/index.ts'
import { examine, outcomeOf, type Report } from '../../src/doctor/examine.ts'
import { type Facts, known, unknown } from '../../src/doctor/facts.ts'
import { applied, run } from '../engine/build.ts'
import { both, container, type Edit, flag } from './edits.ts'
import { factsOf } from './memory.ts'
import { editOf, type Row, rows, soundRows } from './rows.ts'
import { healthy } from './scene.ts'

const now = Date.now()
let scene: readonly KubeObject[]
beforeAll(async () => {
  scene = await healthy(now)
})

/** `error Code: message`, of all that is not well. */
const said = ({ results }: Report): readonly string[] =>
  results.flatMap(({ code, verdict }) =>
    'problems' in verdict
      ? verdict.problems.map(({ severity, message }) => `${severity} ${code}: ${message}`)
      : 'notChecked' in verdict
        ? [`not checked ${code}: ${verdict.notChecked}`]
        : [],
  )
const reportOn = (edit: Edit): Report => examine(factsOf(edit(scene), now))
/** What of the facts is no object. */
const apart: Readonly<Record<string, Partial<Facts>>> = {
  DaemonAccess: {
    daemonLacks: known(
      ['list', 'watch'].map(verb => ({
        verb,
        group: '',
        resource: 'services',
        subresource: undefined,
        name: undefined,
      })),
    ),
  },
}

describe('what is wrong', () => {
  test.each(rows.map((each): [string, Row] => [`${each.code}: ${each.what}`, each]))('%s', async (_, row) => {
    const edit = await editOf(row, now)
    const report = examine({ ...factsOf(edit(scene), now), ...apart[row.code] })
    const found = said(report).filter(text => text.startsWith(`${row.severity} ${row.code}: `))
    expect(found.join('\n')).toContain(row.says)
  })

  test.each<[code: string, facts: (facts: Facts) => Partial<Facts>, says: string]>([
    [
      'RouterCRDs',
      ({ served }) => ({ served: without(served, 'serviceroutes.routing.router.io') }),
      'error RouterCRDs: serviceroutes.routing.router.io is not installed',
    ],
    [
      'RouterCRDs',
      ({ served }) => ({ served: without(served, 'regionfailovers.cluster.router.io') }),
      'warning RouterCRDs: regionfailovers.cluster.router.io is not installed',
    ],
    [
      'RouterCRDs',
      ({ served }) => ({ served: withVersion(served, 'gateways.routing.router.io', 'v1', true) }),
      'error RouterCRDs: gateways.routing.router.io is not served as v1alpha1, but v1',
    ],
    [
      'CRDFields',
      ({ served }) => ({ served: withoutField(served, 'serviceroutes.routing.router.io', 'environment') }),
      'warning CRDFields: serviceroutes.routing.router.io is older than this srouter, and drops what is written to environment',
    ],
    [
      'DNSEndpointCRD',
      ({ served }) => ({ served: withVersion(served, 'dnsendpoints.externaldns.k8s.io', 'v1alpha1', false) }),
      'error DNSEndpointCRD: dnsendpoints.externaldns.k8s.io has no status subresource in v1alpha1, so no status is kept',
    ],
    [
      'IstioCRD',
      ({ served }) => ({ served: without(served, 'gateways.networking.istio.io') }),
      'warning IstioCRD: gateways.networking.istio.io is not installed',
    ],
    [
      'CallerAccess',
      () => ({
        callerLacks: known([{ verb: 'create', group: 'a.io', resource: 'b', subresource: 'c', name: 'd' }]),
      }),
      'warning CallerAccess: srouter apply would fail for you: not allowed to create b.a.io/c d',
    ],
    [
      'ZoneSize',
      ({ state }) => ({ state: sized(state, 10_000) }),
      'warning ZoneSize: this cluster alone has 20000',
    ],
    [
      'ZoneSize',
      ({ state }) => ({ state: sized(state, 12_501) }),
      'error ZoneSize: this cluster alone has 25002',
    ],
  ])('%s', (_, change, says) => {
    const facts = factsOf(scene, now)
    expect(said(examine({ ...facts, ...change(facts) })).join('\n')).toStartWith(says)
  })

  test('InstancesFound: an ExternalDNS that is no Deployment, and reads', () => {
    const objects = scene.filter(({ metadata }) => metadata.namespace !== 'external-dns')
    const endpoints = applied(run(objects)).filter(({ kind }) => kind === 'DNSEndpoint')
    const read = endpoints.map(each => ({
      ...each,
      metadata: { ...each.metadata, generation: 1 },
      status: { observedGeneration: 1 },
    }))
    expect(said(examine(factsOf(objects, now, endpoints))).join('\n')).toContain(
      'error InstancesFound: no Deployment runs ExternalDNS, so no record reaches a zone',
    )
    expect(said(examine(factsOf(objects, now, read))).join('\n')).toContain(
      'warning InstancesFound: no Deployment runs ExternalDNS, and yet DNSEndpoints have been read',
    )
  })

  test('every check can fail', () => {
    const all = Object.values(checks).flatMap(table => Object.keys(table))
    const failing = [
      ...rows.map(({ code }) => code),
      'RouterCRDs',
      'CRDFields',
      'DNSEndpointCRD',
      'IstioCRD',
      'CallerAccess',
      'ZoneSize',
    ]
    expect(all.filter(code => !failing.includes(code))).toEqual([])
    expect(failing.filter(code => !all.includes(code))).toEqual([])
  })
})

describe('what is well', () => {
  test.each([...soundRows])('%s', (_, edit) => expect(said(reportOn(edit))).toEqual([]))

  test('with --strict a warning is an error', () => {
    const report = examine(
      factsOf(
        scene.filter(({ metadata }) => metadata.name !== 'srouter'),
        now,
      ),
      true,
    )
    expect(report.summary.errors).toBeGreaterThan(0)
    expect(report.summary.warnings).toBe(0)
  })
})

describe('what may not be read', () => {
  test('is not missed where an instance does not say what it selects', () => {
    const hidden = both(
      flag('neu-routes', 'label-filter', '$(FILTER)'),
      container('neu-routes', () => ({
        env: [{ name: 'FILTER', valueFrom: { configMapKeyRef: { name: 'a', key: 'b' } } }],
      })),
    )
    expect(said(reportOn(hidden)).filter(text => text.includes('ZonesCovered'))).toEqual([
      'not checked ZonesCovered: Deployment external-dns/neu-routes does not say what it selects (see ArgumentsRead)',
    ])
  })

  test('is not checked, and no failure', () => {
    const facts = factsOf(scene, now)
    const why = unknown('not allowed to')
    const { summary, results } = examine({
      ...facts,
      state: why,
      deployments: why,
      leases: why,
      earlierLeases: why,
      callerLacks: why,
      daemonLacks: why,
    })
    expect(summary).toEqual({ ok: 4, warnings: 0, errors: 0, notChecked: results.length - 4 })
  })

  test('Secrets alone', () => {
    const facts = {
      ...factsOf(scene, now),
      secrets: new Map([['ingress/tls', unknown('not allowed to get secrets')]]),
    }
    const { results } = examine(facts)
    expect(results.filter(({ verdict }) => outcomeOf(verdict) !== 'ok').map(({ code }) => code)).toEqual([
      'TLSSecrets',
      'TLSExpiry',
      'TLSHosts',
    ])
  })
})

type Served = Facts['served']
const without = (served: Served, name: string): Served => new Map([...served].filter(([key]) => key !== name))
const withoutField = (served: Served, name: string, field: string): Served =>
  new Map(
    [...served].map(([key, versions]) => [
      key,
      key !== name
        ? versions
        : versions.map(each => ({ ...each, fields: each.fields?.filter(other => other !== field) })),
    ]),
  )
const withVersion = (served: Served, name: string, version: string, hasStatus: boolean): Served =>
  new Map([...served, [name, [{ version, hasStatus }]]])

const sized = (state: Facts['state'], sets: number): Facts['state'] =>
  state.known
    ? known({ ...state.value, plan: { ...state.value.plan, zones: new Map([['weu', sets]]) } })
    : state
