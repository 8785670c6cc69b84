import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { startZone, type Zone } from '../lab/bind.ts'
import { type Region, startRegion } from '../lab/region.ts'
import { hostOf, platformOf, route, tenant } from '../lab/region-manifests.ts'
import { type Sampler, startSampler } from '../lab/sampler.ts'
import { describeLab } from '../lab/suite.ts'
import { between, show } from '../lab/timeline.ts'
import { waitFor } from '../lab/wait.ts'

const domain = 'aks.example.com'
const address = '10.1.0.10'
const host = hostOf('shop', 'web', domain)
const next = hostOf('shop', 'www', domain)
const routes = 'routing.router.io/v1alpha1'

/** What docs/user-guide.md says of renaming: no client is without an answer. */
describeLab(
  'renaming',
  () => {
    setDefaultTimeout(180_000)
    let zone: Zone
    let region: Region
    let sampler: Sampler
    const started = new AsyncDisposableStack()
    beforeAll(async () => {
      zone = started.use(await startZone({ name: domain, region: 'weu' }))
      sampler = started.use(startSampler({ zones: [zone], names: [host, next] }))
      const options = { cluster: 'aks01', region: 'weu', zones: [zone], setup: 'split' } as const
      region = started.use(
        await startRegion({
          ...options,
          manifests: [...platformOf({ ...options, addresses: [address] }), ...tenant('shop', {}, 'web')],
          daemonFlags: ['--interval', '5s'],
          externalDns: { interval: '1s' },
        }),
      )
      await sampler.shows((_, name) => (name === host ? address : undefined), 'the host', 120_000)
    }, 300_000)
    afterAll(() => started.disposeAsync())

    /** As `kubectl delete` does it. */
    const remove = async (name: string, propagationPolicy: 'Background' | 'Orphan'): Promise<void> => {
      const path = await region.plane.pathOf({
        apiVersion: routes,
        kind: 'ServiceRoute',
        namespace: 'shop',
        name,
      })
      const { status } = await region.plane.request('DELETE', path, { propagationPolicy })
      expect(status).toBe(200)
    }
    /** Answers since then that would have led a client astray; a server that is slow to answer does not. */
    const astray = (name: string, since: number): string => {
      const samples = between(sampler.samples, since).filter(sample => sample.name === name)
      expect(samples.length).toBeGreaterThan(0)
      return show(
        samples.filter(({ answer }) => answer !== address && answer !== 'no answer'),
        since,
      )
    }
    const reasonOf = async (name: string): Promise<string | undefined> => {
      const ref = { apiVersion: routes, kind: 'ServiceRoute', namespace: 'shop', name }
      const found = await region.plane.read<{
        status?: { conditions?: { type: string; reason: string }[] }
      }>(ref)
      return found?.status?.conditions?.find(({ type }) => type === 'Ready')?.reason
    }
    const cycled = () => region.instance('weu', 'routes').cycle()

    test('an object, by a second one that waits for the host', async () => {
      const begun = sampler.mark()
      const site = route('shop', 'site')
      await region.apply({ ...site, spec: { ...(site.spec as object), serviceName: 'web' } })
      await waitFor(async () => (await reasonOf('site')) === 'HostConflict', {
        what: 'the second route to wait',
        timeoutMs: 60_000,
      })
      await remove('web', 'Orphan')
      await waitFor(async () => (await endpoints()).join() === 'site-external-dns-weu', {
        what: 'the first DNSEndpoint to be taken away',
        timeoutMs: 60_000,
      })
      await cycled()
      expect(astray(host, begun)).toBe('')
      expect(await reasonOf('site')).toBe('ReconciliationSucceeded')
    })

    const endpoints = async (): Promise<readonly string[]> =>
      (
        await region.plane.list<{ metadata: { name: string } }>(
          'externaldns.k8s.io/v1alpha1',
          'DNSEndpoint',
          'shop',
        )
      ).map(({ metadata }) => metadata.name)

    test('a host, by a second route beside it', async () => {
      const begun = sampler.mark()
      await region.apply(route('shop', 'www'))
      await sampler.shows(() => address, 'both hosts', 60_000)
      const both = sampler.mark()
      expect(astray(host, begun)).toBe('')
      await remove('site', 'Background')
      await waitFor(async () => !(await zone.records()).some(({ name }) => name === host), {
        what: 'the old host to leave the zone',
        timeoutMs: 60_000,
      })
      expect(astray(next, both)).toBe('')
    })
  },
  'bind',
  'external-dns',
)
