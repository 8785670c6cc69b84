import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { controllerLabels } from '../../src/api/endpoint-metadata.ts'
import { routerKinds } from '../../src/api/kinds.ts'
import { type KubeObject, keyOf, type OwnerReference, refOf } from '../../src/api/object.ts'
import { editOf, type Row, rows, soundRows } from '../doctor/rows.ts'
import { domain, healthy, options } from '../doctor/scene.ts'
import { object, route } from '../engine/build.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { allCrds } from '../lab/crds.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { type Srouter, srouterOn, srouterWith } from './support/srouter.ts'
import { put } from './support/world.ts'

interface Checked {
  readonly group: string
  readonly code: string
  readonly outcome: string
  readonly message: string | null
  readonly problems: readonly { readonly severity: string; readonly message: string }[]
  readonly remedy: string | null
}

/** It serves new kinds at once, and says a moment later what they are like. */
const showsSchemas = async (plane: ControlPlane): Promise<boolean> => {
  for (const { group, version, kind } of routerKinds) {
    const { status, body } = await plane.request('GET', `/openapi/v3/apis/${group}/${version}`)
    if (status !== 200 || !JSON.stringify(body).includes(`"kind":"${kind}"`)) return false
  }
  return true
}

describeLab('the doctor', () => {
  let plane: ControlPlane
  let srouter: Srouter
  let scene: readonly KubeObject[]
  beforeAll(async () => {
    // One of its own: nothing else may run srouter or ExternalDNS in it.
    plane = await startControlPlane({ manifests: await allCrds() })
    // Deployments are as they are written: nobody makes pods of them, or says that there are none.
    await plane.kill('controllerManager')
    srouter = srouterOn(plane)
    scene = await healthy(Date.now() + 3_600_000)
    await put(plane, scene)
    await waitFor(() => showsSchemas(plane), {
      what: 'the API server to show the schemas of the CRDs',
      timeoutMs: 60_000,
    })
  }, 120_000)
  afterAll(() => plane?.stop())

  const examined = async (...flags: readonly string[]) => {
    const { code, out, err } = await srouter.run(['doctor', '-o', 'json', ...flags])
    if (out === '') throw new Error(`no report, exit ${code}: ${err}`)
    return { code, checks: (JSON.parse(out) as { checks: readonly Checked[] }).checks }
  }
  const notWell = (checks: readonly Checked[]): readonly string[] =>
    checks.flatMap(({ code, outcome, message, problems }) =>
      outcome === 'ok'
        ? []
        : problems.length === 0
          ? [`${outcome} ${code}: ${message}`]
          : problems.map(each => `${each.severity} ${code}: ${each.message}`),
    )

  /** With these objects, and as before afterwards: what was changed is made anew, as fields stay where they are merged. */
  const having = async (after: readonly KubeObject[], look: () => Promise<void>): Promise<void> => {
    const changed = (from: readonly KubeObject[], to: readonly KubeObject[]) => {
      const there = new Map(from.map(object => [keyOf(object), object]))
      return to.filter(object => !Bun.deepEquals(there.get(keyOf(object)), object))
    }
    const gone = changed(after, scene)
    const come = changed(scene, after)
    for (const object of gone) await plane.remove(refOf(object))
    await put(plane, come)
    try {
      await look()
    } finally {
      for (const object of come) await plane.remove(refOf(object))
      await put(plane, gone)
    }
  }

  describe('finds nothing in a cluster that is well', () => {
    test.each([...soundRows])('%s', async (_, edit) => {
      await having(edit(scene), async () => {
        const { code, checks } = await examined()
        expect([code, notWell(checks)]).toEqual([0, []])
      })
    })
  })

  describe('finds', () => {
    test.each(rows.map((row): [string, Row] => [`${row.code}: ${row.what}`, row]))('%s', async (_, row) => {
      const edit = await editOf(row, Date.now())
      await having(edit(scene), async () => {
        const { code, checks } = await examined()
        const found = notWell(checks)
        const ofIt = found.filter(text => text.startsWith(`${row.severity} ${row.code}: `))
        expect(ofIt.join('\n')).toContain(row.says)
        expect(checks.find(each => each.code === row.code)?.remedy).not.toBeNull()
        expect(code).toBe(found.some(text => text.startsWith('error ')) ? 1 : 0)
      })
    })
  })

  test('as text, with a remedy below, and --strict', async () => {
    await having(
      scene.filter(({ kind, metadata }) => kind !== 'Deployment' || metadata.name !== 'srouter'),
      async () => {
        const { code, out, err } = await srouter.run(['doctor'])
        expect([code, err]).toEqual([0, ''])
        expect(out).toStartWith(
          'Doctor for cluster aks01 in region weu, domain aks.example.com\n\nCRDs\n  ok       RouterCRDs',
        )
        expect(out).toContain('  warning  DaemonRunning: no Deployment runs "srouter run"')
        expect(out).toEndWith('38 checks: 1 warning, 1 not checked\n')
        expect((await srouter.run(['doctor', '--strict'])).code).toBe(1)
      },
    )
  })

  describe('as somebody who', () => {
    const outcomes = async (kubeconfig: string) => {
      const { code, out } = await srouterWith(kubeconfig).run(['doctor', '-o', 'json'])
      const { checks } = JSON.parse(out) as { checks: readonly Checked[] }
      return {
        code,
        checks,
        known: checks.filter(({ outcome }) => outcome !== 'notChecked').map(each => each.code),
      }
    }

    test('may read nothing: only what everybody may, and no failure', async () => {
      const { code, checks, known } = await outcomes(plane.kubeconfig(await plane.issueClientCert('nobody')))
      expect([code, known]).toEqual([
        0,
        ['RouterCRDs', 'CRDFields', 'DNSEndpointCRD', 'IstioCRD', 'CallerAccess'],
      ])
      const { problems, message } = checks.find(each => each.code === 'CallerAccess') ?? {}
      expect([message, problems]).toEqual([null, [expect.objectContaining({ severity: 'warning' })]])
      for (const each of checks)
        if (each.outcome === 'notChecked')
          expect([each.code, each.message]).toEqual([each.code, expect.stringContaining('not allowed to ')])
    })

    test('is the daemon, in its pod: neither Deployments nor Secrets', async () => {
      const token = await plane.serviceAccountToken(options.namespace, 'srouter')
      const { code, known } = await outcomes(plane.kubeconfig({ user: 'srouter', token }))
      expect(code).toBe(0)
      expect(known).toEqual([
        ...['RouterCRDs', 'CRDFields', 'DNSEndpointCRD', 'IstioCRD', 'CallerAccess'],
        ...['ClusterIdentity', 'DNSConfiguration', 'Findings', 'DaemonLease', 'EarlierOperator'],
        ...['Nameservers', 'LoadBalancers', 'ZoneSize', 'ClaimableHosts'],
      ])
    })
  })

  /** The last ones: what they change stays so. */
  describe('finds, of what is not put back,', () => {
    test('ZoneSize: 10,000 records', async () => {
      // Those of a route that waits stay. As many routes would take the API server a minute.
      const waiting = route('app', 'lost', { gatewayName: 'lost' })
      await put(plane, [waiting])
      const { metadata } = (await plane.read(refOf(waiting))) ?? waiting
      const owner = { ...refOf(waiting), namespace: undefined, uid: metadata.uid, controller: true }
      const labels = controllerLabels({ name: 'external-dns-weu', region: 'weu' })
      const dnsName = (index: number) => `r${index}.${domain}`
      const endpoints = Array.from({ length: 10_000 }, (_, index) => ({
        dnsName: dnsName(index),
        recordType: 'CNAME',
        targets: ['t'],
      }))
      await put(plane, [
        object(
          'externaldns.k8s.io/v1alpha1',
          'DNSEndpoint',
          {
            name: 'lost-external-dns-weu',
            namespace: 'app',
            labels,
            ownerReferences: [owner as OwnerReference],
          },
          { spec: { endpoints } },
        ),
      ])
      const { code, checks } = await examined()
      expect(code).toBe(0)
      expect(notWell(checks)).toContain(
        'warning ZoneSize: this cluster alone has 20004 record sets in zone weu, ownership records included; Azure Private DNS allows 25000',
      )
    })

    const crd = (name: string) => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`
    const comes = (says: string) =>
      waitFor(async () => notWell((await examined()).checks).includes(says), {
        what: says,
        timeoutMs: 30_000,
      })

    test('CRDFields: a CRD without a field', async () => {
      const path = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/ttl'
      const contentType = 'application/json-patch+json'
      const { status } = await plane.request(
        'PATCH',
        crd('gateways.routing.router.io'),
        [{ op: 'remove', path }],
        {
          contentType,
        },
      )
      expect(status).toBe(200)
      await comes(
        'warning CRDFields: gateways.routing.router.io is older than this srouter, and drops what is written to ttl',
      )
    }, 60_000)

    test('DNSEndpointCRD: no status', async () => {
      const body = [{ op: 'remove', path: '/spec/versions/0/subresources' }]
      const contentType = 'application/json-patch+json'
      const { status } = await plane.request('PATCH', crd('dnsendpoints.externaldns.k8s.io'), body, {
        contentType,
      })
      expect(status).toBe(200)
      await comes(
        'error DNSEndpointCRD: dnsendpoints.externaldns.k8s.io has no status subresource in v1alpha1, so no status is kept',
      )
    }, 60_000)

    test.each([
      ['IstioCRD', 'gateways.networking.istio.io', 'warning'],
      ['RouterCRDs', 'regionfailovers.cluster.router.io', 'warning'],
      ['RouterCRDs', 'gateways.routing.router.io', 'error'],
      ['DNSEndpointCRD', 'dnsendpoints.externaldns.k8s.io', 'error'],
    ])(
      '%s: no %s',
      async (code, name, severity) => {
        expect((await plane.request('DELETE', crd(name))).status).toBe(200)
        await comes(`${severity} ${code}: ${name} is not installed`)
      },
      60_000,
    )
  })
})
