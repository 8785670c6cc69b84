import { afterAll, beforeAll, expect, test } from 'bun:test'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apiVersionOf, ClusterIdentity, RegionFailover, ServiceRoute } from '../../src/api/kinds.ts'
import type { ResourceRef } from '../../src/api/object.ts'
import { ofKind, printed } from '../install/support.ts'
import type { Manifest } from '../lab/client.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { dnsEndpointCrd, istioGatewayCrd } from '../lab/crds.ts'
import { prometheusOperatorCrds } from '../lab/neighbours.ts'
import { pins } from '../lab/pins.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { kubectlApply } from '../permissions/support/plane.ts'
import { chartOf, helmPrints, templated } from './support/helm.ts'

/** What Helm does with a real API server over the life of a release. */

const namespace = 'srouter-system'
const chart = chartOf('srouter')

const refOf = ({ apiVersion, kind, metadata: { name, namespace: inside } }: Manifest): ResourceRef => ({
  apiVersion,
  kind,
  name,
  ...(inside === undefined ? {} : { namespace: inside }),
})

describeLab(
  'a release of the chart srouter',
  () => {
    let plane: ControlPlane
    let older: string
    beforeAll(async () => {
      plane = await startControlPlane({
        manifests: [await dnsEndpointCrd(), await istioGatewayCrd(), ...(await prometheusOperatorCrds())],
      })
      older = olderChart()
    }, 120_000)
    afterAll(async () => {
      rmSync(older, { recursive: true, force: true })
      await plane.stop()
    })

    const release = (...argv: readonly string[]) =>
      helmPrints([...argv, '-n', namespace, '--kubeconfig', plane.kubeconfig()])
    const versions = async () =>
      Promise.all(
        (await templated('srouter')).filter(isStable).map(async object => {
          const present = await plane.read<Manifest>(refOf(object))
          return `${object.kind} ${object.metadata.name} ${present?.metadata.uid} ${present?.metadata.resourceVersion}`
        }),
      )
    const shortNames = async () => {
      const name = `${RegionFailover.plural}.${RegionFailover.group}`
      const crd = await plane.read<Manifest>({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name,
      })
      return (crd?.spec as { names: { shortNames: string[] } } | undefined)?.names.shortNames
    }
    const identity = {
      apiVersion: apiVersionOf(ClusterIdentity),
      kind: ClusterIdentity.kind,
      metadata: { name: 'cluster-identity' },
      spec: { region: 'weu', cluster: 'aks01', domain: 'aks.example.com', environmentLetter: 'p' },
    }

    // One life, in this order.
    test('is installed', async () => {
      const notes = await release('install', 'srouter', older, '--create-namespace')
      expect(notes).toContain(`kubectl -n ${namespace} rollout status deployment/srouter`)
      for (const object of await templated('srouter')) expect(await plane.read(refOf(object))).toBeDefined()
      expect(await shortNames()).toEqual(['older'])
      await waitFor(() => plane.list(identity.apiVersion, identity.kind), { what: 'the kinds to be served' })
      await plane.applyManifests([identity])
    })

    test('takes the routes of an application team beside it', async () => {
      const values = [
        'defaults.gatewayName=a',
        'defaults.environment=b',
        'defaults.application=c',
        'routes.api.serviceName=d',
      ]
      const team = ['-n', 'shop', '--create-namespace', '--kubeconfig', plane.kubeconfig()]
      await helmPrints(['install', 'shop', chartOf('srouter-routes'), ...team, '--set', values.join(',')])
      const route = {
        apiVersion: apiVersionOf(ServiceRoute),
        kind: ServiceRoute.kind,
        namespace: 'shop',
        name: 'api',
      }
      expect(await plane.read(route)).toMatchObject({
        spec: { serviceName: 'd', gatewayName: 'a', environment: 'b', application: 'c' },
      })
    })

    test('makes what the Prometheus operator takes, field by field', async () => {
      for (const secure of [false, true]) {
        const monitored = { secure, serviceMonitor: { enabled: true }, alerts: { enabled: true } }
        const made = await templated('srouter', { metrics: monitored })
        const theirs = made.filter(({ apiVersion }) => apiVersion.startsWith('monitoring.coreos.com/'))
        expect(theirs.map(({ kind }) => kind).sort()).toEqual(['PrometheusRule', 'ServiceMonitor'])
        expect(await kubectlApply(plane, theirs)).toEqual([])
      }
    })

    test('is upgraded, and its CRDs with it', async () => {
      await release('upgrade', 'srouter', chart)
      expect(await shortNames()).toEqual([...RegionFailover.shortNames])
    })

    test('changes nothing when it is upgraded to what it is', async () => {
      const before = await versions()
      await release('upgrade', 'srouter', chart)
      expect(await versions()).toEqual(before)
    })

    test('goes back, and its CRDs with it', async () => {
      await release('rollback', 'srouter', '1')
      expect(await shortNames()).toEqual(['older'])
      await release('upgrade', 'srouter', chart)
    })

    test('leaves CRDs and what is in them when it has none any more', async () => {
      await release('upgrade', 'srouter', chart, '--set', 'crds.enabled=false')
      expect(await shortNames()).toEqual([...RegionFailover.shortNames])
      await release('upgrade', 'srouter', chart)
    })

    test('leaves them when it is removed, and finds them when it comes back', async () => {
      await release('uninstall', 'srouter')
      expect(await plane.read(refOf(identity))).toMatchObject({ spec: identity.spec })
      const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'srouter' }
      await waitFor(async () => (await plane.read(deployment)) === undefined, { what: 'its end' })
      await release('install', 'srouter', chart)
      expect(await plane.read(deployment)).toBeDefined()
      expect(await plane.read(refOf(identity))).toMatchObject({ spec: identity.spec })
      await release('uninstall', 'srouter')
    })

    test('takes over what "srouter install" made', async () => {
      const crds = ofKind(await printed(), 'CustomResourceDefinition').map(refOf)
      for (const crd of crds) await plane.remove(crd)
      for (const crd of crds)
        await waitFor(async () => (await plane.read(crd)) === undefined, { what: `the end of ${crd.name}` })
      await kubectlApply(plane, await printed())
      const uid = async () => (await versions()).map(line => line.replace(/ \d+$/, ''))
      const before = await uid()
      await release('upgrade', '--install', 'srouter', chart, '--take-ownership')
      expect(await uid()).toEqual(before)
    })
  },
  'helm',
)

/** Before 1.25 the rules in CEL are dropped from a CRD, at every write anew. */
const isStable = ({ kind }: Manifest): boolean =>
  kind !== 'CustomResourceDefinition' || Bun.semver.order(pins.kubernetes, 'v1.25.0') >= 0

/** The same with another short name in a CRD. */
const olderChart = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'srouter-chart-'))
  cpSync(chart, folder, { recursive: true })
  const path = join(folder, 'templates/crds.yaml')
  const text = readFileSync(path, 'utf8')
  const [shortName] = RegionFailover.shortNames
  const changed = text.replace(`- ${shortName}\n`, '- older\n')
  expect(changed).not.toBe(text)
  writeFileSync(path, changed)
  return folder
}
