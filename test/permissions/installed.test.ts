import { beforeAll, expect, test } from 'bun:test'
import { routerKinds } from '../../src/api/kinds.ts'
import type { Manifest } from '../lab/client.ts'
import { pins } from '../lab/pins.ts'
import { describeLab } from '../lab/suite.ts'
import { home, type Installed, installedPlane, kubectlApply, printed } from './support/plane.ts'

interface Deployment extends Manifest {
  readonly spec: { readonly template: { readonly metadata: object; readonly spec: object } }
}

/** Before 1.25 the rules in CEL are dropped from a CRD, at every write anew. */
const isStable = ({ kind }: Manifest): boolean =>
  kind !== 'CustomResourceDefinition' || Bun.semver.order(pins.kubernetes, 'v1.25.0') >= 0

describeLab('what install prints, on a real API server', () => {
  let installed: Installed
  beforeAll(async () => {
    installed = await installedPlane()
  }, 120_000)

  test('is taken, all but the kind of an operator that is not there', () =>
    expect(installed.skipped).toEqual(['ServiceMonitor']))

  test('is there', async () => {
    const { plane } = installed
    for (const { kind, plural, group, version } of routerKinds)
      expect(await plane.request('GET', `/apis/${group}/${version}/${plural}`)).toMatchObject({
        status: 200,
        body: { kind: `${kind}List` },
      })
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: home, name: 'srouter' }
    expect(await plane.read(ref)).toMatchObject({ spec: { replicas: 2 } })
  })

  test('changes nothing when it is applied again', async () => {
    const { plane } = installed
    const versions = async () =>
      Promise.all(
        (await printed('--with-network-policy'))
          .filter(isStable)
          .map(async ({ apiVersion, kind, metadata }) => {
            const present = await plane.read({ apiVersion, kind, ...metadata })
            return `${kind} ${metadata.name} ${present?.metadata.generation} ${present?.metadata.resourceVersion}`
          }),
      )
    const before = await versions()
    await kubectlApply(plane, await printed('--with-network-policy'))
    expect(await versions()).toEqual(before)
  })

  test('can turn on everything else later', async () => {
    const { plane } = installed
    const flags = ['--metrics-secure', '--with-network-policy', '--image', 'registry.example.com/srouter:x']
    await kubectlApply(plane, await printed(...flags))
    await kubectlApply(plane, await printed('--with-network-policy'))
  })

  test.each([[], ['--metrics-secure']])(
    'has pods that pass the profile of its namespace %j',
    async (...flags) => {
      const { plane } = installed
      const deployment = (await printed(...flags)).find(({ kind }) => kind === 'Deployment') as Deployment
      const { template } = deployment.spec
      const pods = `/api/v1/namespaces/${home}/pods?dryRun=All&fieldValidation=Strict`
      const pod = (spec: object) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...template.metadata, name: 'pod' },
        spec,
      })
      expect(await plane.request('POST', pods, pod(template.spec))).toMatchObject({ status: 201 })
      // To know that the profile is enforced at all.
      const { securityContext: _, ...less } = template.spec as Record<string, unknown>
      expect(await plane.request('POST', pods, pod(less))).toMatchObject({ status: 403 })
    },
  )
})
