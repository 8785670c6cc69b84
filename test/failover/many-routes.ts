import { route } from '../lab/region-manifests.ts'
import { waitFor } from '../lab/wait.ts'
import type { Pair } from './pair.ts'

const atATime = 16

/**
 * So many RegionBound routes in both clusters, until the DNSEndpoints are there. Until zones have them all takes longer:
 * ExternalDNS writes the status of five new DNSEndpoints a second, and plans only then.
 */
export const manyRoutes = async ({ weu, neu, zones }: Pair, count: number): Promise<void> => {
  const routes = Array.from({ length: count }, (_, index) => route('billing', `route-${index}`))
  const parts = Array.from({ length: atATime }, (_, part) =>
    routes.filter((_, index) => index % atATime === part),
  )
  for (const each of [neu, weu]) await Promise.all(parts.map(part => each.apply(...part)))
  await waitFor(
    async () =>
      (await weu.plane.list('externaldns.k8s.io/v1alpha1', 'DNSEndpoint')).length >= count * zones.length,
    { what: `the DNSEndpoints of ${count} routes`, timeoutMs: 120_000, everyMs: 500 },
  )
}
