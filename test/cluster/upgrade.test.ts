import { afterAll, beforeAll, expect, test } from 'bun:test'
import { routerKinds } from '../../src/api/kinds.ts'
import { type KubeObject, keyOf, refOf } from '../../src/api/object.ts'
import { codes, identity, platform, policy, route } from '../engine/build.ts'
import { failover } from '../engine/failover/model.ts'
import { srouter as executable, execute } from '../executable/process.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { dnsEndpointCrd, istioGatewayCrd, routerCrds } from '../lab/crds.ts'
import { documents } from '../lab/documents.ts'
import { describeLab } from '../lab/suite.ts'
import { edit } from './support/edit.ts'
import { listAll, withNamespaces } from './support/plane.ts'
import { failoverRef, identityRef } from './support/refs.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { derived, made } from './support/state.ts'
import { put } from './support/world.ts'

/**
 * What the CRDs have gained since the first ones, as paths below the schema of their version. Without it they are the
 * first ones; RegionFailovers have been there since there is failover, and came without probes.
 */
const gained: Readonly<Record<string, readonly string[]>> = {
  ClusterIdentity: ['status.yielded', 'status.orphaned', 'status.applied.environmentLetter'],
  RegionFailover: [
    ...['probe', 'witnesses', 'failback', 'holdDownSeconds'].map(field => `spec.${field}`),
    ...['probe', 'automatic'].map(field => `status.${field}`),
  ],
}

interface Schema {
  readonly properties?: Record<string, Schema>
  'x-kubernetes-validations'?: readonly unknown[]
}
interface CrdSpec {
  readonly names: { readonly kind: string }
  readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[]
}

const firstCrds = async (): Promise<readonly KubeObject[]> => {
  const crds = structuredClone(await routerCrds())
  for (const { spec } of crds) {
    const { names, versions } = spec as CrdSpec
    for (const path of gained[names.kind] ?? [])
      for (const { schema } of versions) {
        const parts = path.split('.')
        const last = parts.pop() ?? ''
        const parent = parts.reduce<Schema | undefined>(
          (at, part) => at?.properties?.[part],
          schema.openAPIV3Schema,
        )
        if (parent?.properties?.[last] === undefined) throw new Error(`${names.kind} has no ${path}`)
        delete parent.properties[last]
        // Its rules are about fields that are not there yet.
        delete parent['x-kubernetes-validations']
      }
  }
  return crds
}

const withProbe = failover('aks01-neu', {
  probe: { scheme: 'TCP', port: 443 },
  witnesses: [{ scheme: 'TCP', host: '192.0.2.1', port: 53 }],
})
const probeOf = (object: KubeObject | undefined) =>
  (object?.spec as { probe?: { readonly port?: number } } | undefined)?.probe?.port

/** One control plane that goes from the first CRDs to the present ones and back; each test goes on where the last ended. */
describeLab('CRDs of another version', () => {
  let plane: ControlPlane
  let srouter: Srouter
  let before: readonly KubeObject[]
  beforeAll(async () => {
    plane = await startControlPlane({ manifests: [await dnsEndpointCrd(), await istioGatewayCrd()] })
    await plane.kill('controllerManager')
    await withNamespaces(plane)
    srouter = srouterOn(plane)
  }, 120_000)
  afterAll(() => plane?.stop())

  const resources = async (): Promise<readonly KubeObject[]> =>
    (await Promise.all(routerKinds.map(kind => listAll(plane, kind)))).flat()
  const upgrade = async () => {
    const { code, out } = await execute(executable(), ['install', '--crds-only'])
    expect(code).toBe(0)
    await plane.applyManifests(documents(out))
  }
  const downgrade = async () => {
    await plane.applyManifests(await firstCrds())
  }
  const specs = (objects: readonly KubeObject[]) =>
    Object.fromEntries(objects.map(object => [keyOf(object), [object.metadata.uid, object.spec]]))

  test('this srouter with the first CRDs: every record is written', async () => {
    const isFailover = ({ spec }: KubeObject) => (spec as CrdSpec).names.kind === failoverRef.kind
    await plane.applyManifests((await firstCrds()).filter(crd => !isFailover(crd)))
    await put(plane, [
      ...platform(),
      identity({ standIns: ['aks01-neu'] }),
      policy('b', { mode: 'RegionBound', sourceRegion: 'weu' }),
      ...[route('app', 'api'), route('b', 'web')],
    ])
    const { plan } = await srouter.plan()
    expect(codes({ plan })).toEqual(['warning CRDNotInstalled '])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    await downgrade()
    await put(plane, [failover('aks01-neu')])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect((await derived(plane)).size).toBeGreaterThan(0)
    before = await resources()
  })

  test('upgraded: every object is there with all that it said, and would be accepted again', async () => {
    const records = await derived(plane)
    await upgrade()
    const after = await resources()
    // Defaults of new fields may come, and nothing goes.
    expect(specs(after)).toMatchObject(specs(before))
    for (const object of after) {
      const path = `${await plane.pathOf(refOf(object))}?dryRun=All&fieldValidation=Strict`
      expect([keyOf(object), (await plane.request('PUT', path, object)).status]).toEqual([keyOf(object), 200])
    }
    const { plan } = await srouter.plan()
    expect(plan.objects.filter(({ action }) => action !== 'unchanged')).toEqual([])
    expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
    expect([...(await derived(plane)).values()].map(({ metadata }) => metadata.resourceVersion)).toEqual(
      [...records.values()].map(({ metadata }) => metadata.resourceVersion),
    )
    expect(await plane.read(identityRef)).toMatchObject({ status: { applied: { environmentLetter: 'p' } } })
  })

  test('back: records stay, a new field is hidden, and is there again after the next upgrade', async () => {
    await put(plane, [withProbe])
    const state = await made(plane)
    await downgrade()
    expect(probeOf(await plane.read(failoverRef))).toBeUndefined()
    const { plan } = await srouter.plan()
    expect(plan.records.filter(({ action }) => action !== 'unchanged')).toEqual([])
    await upgrade()
    expect(probeOf(await plane.read(failoverRef))).toBe(443)
    expect(await made(plane)).toEqual(state)
  })

  test('back, and somebody writes to the object: the field is lost', async () => {
    await downgrade()
    await edit(plane, failoverRef, { metadata: { annotations: { touched: 'yes' } } })
    await upgrade()
    expect(probeOf(await plane.read(failoverRef))).toBeUndefined()
  })
})
