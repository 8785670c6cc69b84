import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { stringify } from 'yaml'
import type { ExternalDNSController } from '../../src/api/dns-configuration.ts'
import { instancesIn } from '../../src/external-dns/instance.ts'
import { zoneSetUp } from '../../src/external-dns/set-up.ts'
import { execute, srouter } from '../executable/process.ts'
import type { Manifest } from '../lab/client.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { allCrds } from '../lab/crds.ts'
import { type InstanceKind, ownershipOf } from '../lab/external-dns-arguments.ts'
import { fluxCrds } from '../lab/neighbours.ts'
import { describeLab } from '../lab/suite.ts'
import { executable } from '../lab/tools.ts'
import { kubectlApply } from '../permissions/support/plane.ts'
import {
  appliedBy,
  type Cluster,
  clusters,
  everything,
  type HelmRelease,
  type Kustomization,
  named,
  ofKind,
  released,
} from './flux.ts'

interface Identity extends Manifest {
  readonly spec: {
    readonly cluster: string
    readonly region: string
    readonly domain: string
    readonly standIns: readonly string[]
  }
}
interface Zones extends Manifest {
  readonly spec: { readonly externalDNSControllers: readonly Required<ExternalDNSController>[] }
}

const all = new Map<Cluster, readonly Manifest[]>()
const of = (cluster: Cluster): readonly Manifest[] => all.get(cluster) ?? []
const releases = (cluster: Cluster) => ofKind<HelmRelease>(of(cluster), 'HelmRelease')
const only = <T extends Manifest>(cluster: Cluster, kind: string): T => {
  const [first, ...more] = ofKind<T>(of(cluster), kind)
  if (first === undefined || more.length > 0) throw new Error(`not one ${kind}`)
  return first
}

describeLab(
  'examples/flux',
  () => {
    beforeAll(async () => {
      for (const cluster of clusters) all.set(cluster, await everything(cluster))
    }, 120_000)

    describe.each([...clusters])('%s', cluster => {
      const kustomizations = () => ofKind<Kustomization>(of(cluster), 'Kustomization')

      test('applies things after what they depend on', () => {
        const done: string[] = []
        const left = [...kustomizations()]
        while (left.length > 0) {
          const next = left.findIndex(({ spec }) =>
            (spec.dependsOn ?? []).every(({ name }) => done.includes(name)),
          )
          expect([left.map(({ metadata }) => metadata.name), next >= 0]).toEqual([expect.anything(), true])
          done.push(...left.splice(next, 1).map(({ metadata }) => metadata.name))
        }
        expect(done).toEqual(['sources', 'crds', 'srouter', 'platform', 'external-dns', 'team-shop'])
      })

      test('waits for what it applies', async () => {
        const waited: string[] = []
        for (const kustomization of kustomizations()) {
          const { healthChecks = [], wait } = kustomization.spec
          const applied = (await appliedBy(kustomization)) ?? []
          // A chart's objects are not in Git.
          const made = (
            await Promise.all(
              ofKind<HelmRelease>(applied, 'HelmRelease').map(each => released(each, applied)),
            )
          ).flat()
          for (const check of healthChecks)
            expect([check.name, named([...applied, ...made], check)?.apiVersion]).toEqual([
              check.name,
              check.apiVersion,
            ])
          if (wait === true || healthChecks.length > 0) waited.push(kustomization.metadata.name)
          const checked = healthChecks.filter(({ kind }) => kind === 'HelmRelease').map(({ name }) => name)
          expect(checked.sort()).toEqual(
            ofKind(applied, 'HelmRelease')
              .map(({ metadata }) => metadata.name)
              .sort(),
          )
        }
        const neededByOthers = kustomizations().flatMap(({ spec }) =>
          (spec.dependsOn ?? []).map(({ name }) => name),
        )
        // Sources are looked for again and again by those who use them.
        expect(
          [...new Set(neededByOthers)].filter(name => name !== 'sources' && !waited.includes(name)),
        ).toEqual([])
      })

      test('has the sources that it refers to', () => {
        const references = [
          ...kustomizations().map(({ spec }) => spec.sourceRef),
          ...releases(cluster).flatMap(({ spec }) =>
            [spec.chart?.spec.sourceRef ?? spec.chartRef ?? []].flat(),
          ),
        ].filter(({ name }) => name !== 'flux-system')
        expect(references.length).toBeGreaterThan(0)
        for (const { kind, name, namespace = 'flux-system' } of references)
          expect([name, named(of(cluster), { kind, name, namespace }) !== undefined]).toEqual([name, true])
      })

      test('never prunes a CRD', () => {
        expect(kustomizations().find(({ metadata }) => metadata.name === 'crds')?.spec.prune).toBe(false)
        for (const { spec } of releases(cluster).filter(
          each => each.spec.chart?.spec.chart === 'external-dns',
        ))
          expect(spec.install).toMatchObject({ crds: 'Skip' })
      })

      test('has resources that validate takes, without a word', async () => {
        const stdin = of(cluster)
          .map(object => stringify(object))
          .join('---\n')
        const { code, out, err } = await execute(srouter(), ['validate', '--strict', '-f', '-'], { stdin })
        expect([code, err]).toEqual([0, ''])
        expect(out).toContain(': ok')
        const plan = await execute(srouter(), ['plan', '--current', 'none', '-f', '-'], { stdin })
        expect(plan.out).toContain(`Plan for cluster aks01 in region ${cluster.slice(-3)}`)
      })

      test('has the ExternalDNS instances that docs/externaldns.md wants', async () => {
        const { cluster: name, region, domain } = only<Identity>(cluster, 'ClusterIdentity').spec
        expect(`${name}-${region}`).toBe(cluster)
        const made = (await Promise.all(releases(cluster).map(each => released(each, of(cluster))))).flat()
        const instances = instancesIn(ofKind(made, 'Deployment'))
        const controllers = only<Zones>(cluster, 'DNSConfiguration').spec.externalDNSControllers
        expect(instances.length).toBe(2 * controllers.length)
        for (const controller of controllers) {
          const setUp = zoneSetUp(controller, instances)
          expect([controller.name, setUp.kind]).toEqual([controller.name, 'split'])
          for (const { instance, role } of setUp.instances) {
            const { settings, problems, unread, before } = instance
            const kind: InstanceKind = role
            const { ownerId, policy } = ownershipOf({ kind, cluster, region: controller.region, domain })
            const txtPrefix = kind === 'routes' ? controller.txtPrefix : controller.gatewayTxtPrefix
            expect({ problems, unread, ...settings }).toMatchObject({
              ...{ problems: [], unread: [], sources: ['crd'], domainFilters: [domain], dryRun: false },
              ...{ ownerId, policy, txtPrefix, events: true, namespace: '' },
            })
            expect(before).toEqual(kind === 'gateways' ? ['gate'] : [])
          }
        }
      })

      test('has arguments that ExternalDNS takes', async () => {
        const program = await executable('external-dns')
        let tried = 0
        for (const release of releases(cluster))
          for (const { spec } of ofKind<Deployment>(await released(release, of(cluster)), 'Deployment'))
            for (const { name, args } of spec.template.spec.containers) {
              if (name !== 'external-dns') continue
              tried++
              // It reads its arguments, and then its kubeconfig.
              const { err } = await execute(program, [...args, '--kubeconfig=/nowhere'])
              expect(err.trim().split('\n').at(-1)).toContain('stat /nowhere: no such file')
            }
        expect(tried).toBe(4)
      })

      test('lets the gates look, with the srouter that runs', async () => {
        const made = await Promise.all(
          releases(cluster).map(
            async each => [each.metadata.name, await released(each, of(cluster))] as const,
          ),
        )
        const pods = (name: string) =>
          ofKind<Deployment>(made.find(([release]) => release === name)?.[1] ?? [], 'Deployment').map(
            ({ spec }) => spec.template.spec,
          )
        const [daemon] = pods('srouter')
        const gated = made.flatMap(([name]) =>
          pods(name).flatMap(({ initContainers = [], serviceAccountName }) =>
            initContainers.map(({ image }) => ({ image, serviceAccountName })),
          ),
        )
        const binding = only<Manifest & { readonly subjects: readonly { readonly name: string }[] }>(
          cluster,
          'ClusterRoleBinding',
        )
        expect(gated.map(({ serviceAccountName }) => serviceAccountName).sort()).toEqual(
          binding.subjects.map(({ name }) => name).sort(),
        )
        for (const { image } of gated) expect(image).toBe(daemon?.containers[0]?.image ?? '')
      })
    })

    test('each cluster may stand in for the other, and Git does not say when', () => {
      for (const [one, other] of [clusters, clusters.toReversed()]) {
        if (one === undefined || other === undefined) throw new Error('two clusters')
        expect(only<Identity>(one, 'ClusterIdentity').spec.standIns).toEqual([other])
        const failover = only<Manifest>(other, 'RegionFailover')
        expect(failover.metadata.name).toBe(one)
        expect(failover.spec).not.toHaveProperty('engage')
      }
    })
  },
  'kustomize',
  'helm',
  'external-dns',
)

interface Deployment extends Manifest {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string
        readonly containers: readonly {
          readonly name: string
          readonly image: string
          readonly args: readonly string[]
        }[]
        readonly initContainers?: readonly { readonly image: string }[]
      }
    }
  }
}

describeLab(
  'examples/flux, on a real API server',
  () => {
    let plane: ControlPlane
    beforeAll(async () => {
      plane = await startControlPlane({ manifests: [...(await allCrds()), ...(await fluxCrds())] })
      const namespaces = ['flux-system', 'aks-istio-ingress']
      await plane.applyManifests(
        namespaces.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
      )
    }, 10 * 60_000)

    afterAll(() => plane.stop())

    test.each([...clusters])('every object of %s is taken, field by field', async cluster => {
      expect(await kubectlApply(plane, await everything(cluster))).toEqual([])
    })
  },
  'kustomize',
)
