import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type KubeObject, refOf } from '../../src/api/object.ts'
import { parsePage } from '../docs/markdown.ts'
import { namespace, platform, policy, route } from '../engine/build.ts'
import { root } from '../executable/process.ts'
import type { Manifest, Reply } from '../lab/client.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { allCrds } from '../lab/crds.ts'
import { pins } from '../lab/pins.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { withNamespaces } from './support/plane.ts'
import { routeRef } from './support/refs.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { conditionOf } from './support/state.ts'
import { put } from './support/world.ts'

/** The kind and its API are there from this version on. */
const hasAdmissionPolicies = Bun.semver.order(pins.kubernetes, 'v1.30.0') >= 0
const examples = join(root, 'examples', 'tenancy')
const read = (file: string): string => readFileSync(join(examples, file), 'utf8')
const { blocks } = parsePage('README.md', read('README.md'))

const label = { application: 'router.io/application', environment: 'router.io/environment' }
const own = { serviceName: 'x', environment: 'prod', application: 'shop' }

/** examples/tenancy on a real API server: a plane of its own, as the policy holds for all of a cluster. */
const body = (): void => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    plane = await startControlPlane({ manifests: await allCrds() })
    await plane.kill('controllerManager')
    await withNamespaces(plane, ['app', 'ingress', 'istio-system', 'unlabelled'])
    await plane.applyManifests([
      namespace('shop', { [label.application]: 'shop' }),
      namespace('shop-prod', { [label.application]: 'shop', [label.environment]: 'prod' }),
      namespace('shop-eu', { [label.application]: 'shop', [label.environment]: 'prod-eu' }),
    ])
    srouter = srouterOn(plane)
    // What is there when the policy comes.
    await put(plane, [...platform(), policy('unlabelled'), policy('shop'), policy('shop-prod')])
    await put(plane, [route('unlabelled', 'legacy', { application: 'shop' }), route('unlabelled', 'gone')])
    await plane.applyManifests(read('policy.yaml'))
    await plane.applyManifests(read('binding.yaml'))
    // The API server compiles it a moment later.
    await waitFor(async () => (await create('unlabelled', {}, 'dryRun=All')).status === 403, {
      what: 'the policy to be in force',
      timeoutMs: 60_000,
    })
  }, 180_000)
  afterAll(() => plane?.stop())

  const create = async (of: string, spec: object, query = ''): Promise<Reply<KubeObject>> => {
    const collection = await plane.pathOf(routeRef(of, ''), 'collection')
    return plane.request('POST', `${collection}?${query}`, route(of, 'x', { ...own, ...spec }))
  }
  const patch = async (name: string, body: object, subresource = ''): Promise<Reply<KubeObject>> =>
    plane.request('PATCH', `${await plane.pathOf(routeRef('unlabelled', name))}${subresource}`, body, {
      contentType: 'application/merge-patch+json',
    })
  const denied = "ValidatingAdmissionPolicy 'srouter-tenancy' with binding 'srouter-tenancy' denied request: "

  test.each([
    ['shop', {}],
    ['shop', { environment: 'test' }],
    ['shop-prod', {}],
    ['shop-eu', { environment: 'prod-eu' }],
  ])('namespace %s may claim %p', async (of, spec) => {
    expect(await create(of, spec, 'dryRun=All')).toMatchObject({ status: 201 })
  })

  test.each([
    [
      'shop',
      { application: 'pay' },
      'application "pay" is not that of namespace "shop", whose label router.io/application is "shop"',
    ],
    [
      'shop-prod',
      { environment: 'test' },
      'environment "test" is not that of namespace "shop-prod", whose label router.io/environment is "prod"',
    ],
    [
      'shop',
      { environment: 'prod-eu' },
      'environment "prod-eu" has a hyphen, and namespace "shop" has no label router.io/environment that allows it',
    ],
    [
      'unlabelled',
      { application: 'unlabelled' },
      'namespace "unlabelled" may not claim hosts: it has no label router.io/application; ask the platform team for it',
    ],
  ])('namespace %s may not claim %p', async (of, spec, message) => {
    const { status, body } = await create(of, spec, 'dryRun=All')
    expect(status).toBe(403)
    expect((body as unknown as { message: string }).message).toEndWith(denied + message)
  })

  describe('a route that was there before', () => {
    test.each([
      ['a label', { metadata: { labels: { a: 'b' } } }, 200],
      ['another Gateway', { spec: { gatewayName: 'external' } }, 200],
      ['the first Gateway again', { spec: { gatewayName: 'internal' } }, 200],
      ['another service', { spec: { serviceName: 'new' } }, 403],
      ['another application', { spec: { application: 'pay' } }, 403],
      ['another environment', { spec: { environment: 'test' } }, 403],
    ])('is given %s: %p', async (_, change, status) => {
      expect((await patch('legacy', change)).status).toBe(status)
    })

    test('takes a status', async () => {
      expect(await patch('legacy', { status: { phase: 'Pending' } }, '/status')).toMatchObject({
        status: 200,
      })
    })

    test('can be deleted', async () => {
      expect(await plane.remove(routeRef('unlabelled', 'gone'))).toBe(true)
      expect(await plane.read(routeRef('unlabelled', 'gone'))).toBeUndefined()
    })
  })

  test('srouter publishes it, and writes its status', async () => {
    await put(plane, [route('shop-prod', 'web', own)])
    expect(await srouter.apply()).toMatchObject({ code: 0 })
    for (const ref of [routeRef('unlabelled', 'legacy'), routeRef('shop-prod', 'web')])
      expect(conditionOf(await plane.read(ref), 'Ready')).toBe('True ReconciliationSucceeded')
  })

  test('who applies with srouter reads why not', async () => {
    const foreign = route('shop', 'foreign', { application: 'pay' })
    const { code, out, err } = await srouter.run(['apply', '--auto-approve', '-f', '-'], {
      stdin: JSON.stringify(foreign),
    })
    expect(code).toBe(5)
    expect(out + err).toContain('application "pay" is not that of namespace "shop"')
    expect(await plane.read(refOf(foreign))).toBeUndefined()
  })

  test('the README shows what is said', async () => {
    const { body } = await create('shop', { application: 'pay' }, 'dryRun=All')
    const shown = blocks.find(({ language }) => language === 'text')
    expect(shown?.text).toBe((body as unknown as { message: string }).message.replace('"x"', '"api"'))
  })

  describe('the binding', () => {
    const bind = async (spec: object): Promise<void> => {
      const binding = Bun.YAML.parse(read('binding.yaml')) as Manifest & { spec: object }
      await plane.applyManifests([{ ...binding, spec: { ...binding.spec, ...spec } }])
    }
    const passes = (of: string) =>
      waitFor(async () => (await create(of, { application: 'pay' }, 'dryRun=All')).status === 201, {
        what: `namespace ${of} to be let alone`,
        timeoutMs: 60_000,
      })

    test('leaves out the namespaces that the README leaves out', async () => {
      const { spec } = Bun.YAML.parse(blocks.find(({ language }) => language === 'yml')?.text ?? '') as {
        spec: object
      }
      await withNamespaces(plane, ['platform-tests'])
      expect(await create('platform-tests', {}, 'dryRun=All')).toMatchObject({ status: 403 })
      await bind(spec)
      await passes('platform-tests')
      expect(await create('unlabelled', {}, 'dryRun=All')).toMatchObject({ status: 403 })
    })

    test('holds nobody back with Warn', async () => {
      await bind({ validationActions: ['Warn', 'Audit'] })
      await passes('shop')
    })
  })
}

if (hasAdmissionPolicies) describeLab('a ValidatingAdmissionPolicy for tenants', body)
else test.skip('a ValidatingAdmissionPolicy for tenants: from Kubernetes 1.30 on', () => undefined)
