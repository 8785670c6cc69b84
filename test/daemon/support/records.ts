import { DNSEndpoint, IstioGateway } from '../../../src/api/kinds.ts'
import type { KubeObject } from '../../../src/api/object.ts'
import { endpointsOf } from '../../../src/engine/current.ts'
import { listAll } from '../../cluster/support/plane.ts'
import type { ControlPlane } from '../../lab/cluster.ts'
import { waitFor } from '../../lab/wait.ts'

/** What a cluster publishes, in lines that a test can show. */

const short = (name: string): string => name.replaceAll('.aks.example.com', '')

/** `weu api-ns-p-prod-app CNAME 300 aks01-weu-internal`, one per record of a DNSEndpoint. */
export const recordsIn = (object: KubeObject): readonly string[] =>
  endpointsOf(object).map(({ dnsName, recordType, recordTTL, targets }) =>
    [
      object.metadata.labels?.['router.io/region'],
      short(dnsName),
      recordType,
      recordTTL,
      short(targets.toSorted().join(',')),
    ].join(' '),
  )

export const records = async (plane: ControlPlane): Promise<readonly string[]> =>
  (await listAll(plane, DNSEndpoint)).flatMap(recordsIn).sort()

/** `istio-system/internal igw-internal tls: api-ns-p-prod-app`, one per Istio Gateway. */
export const served = async (plane: ControlPlane): Promise<readonly string[]> =>
  (await listAll(plane, IstioGateway))
    .map(({ metadata, spec }) => {
      const { selector, servers } = spec as {
        readonly selector: { readonly istio: string }
        readonly servers: readonly {
          readonly hosts: readonly string[]
          readonly tls: { credentialName: string }
        }[]
      }
      const hosts = servers.flatMap(server => server.hosts.map(short))
      return `${metadata.namespace}/${metadata.name} ${selector.istio} ${servers[0]?.tls.credentialName}: ${hosts.join(' ')}`
    })
    .sort()

/** Waits until these are the records, and no others. */
export const becomes = (
  plane: ControlPlane,
  wanted: readonly string[],
  timeoutMs = 10_000,
): Promise<unknown> => eventually(() => records(plane), [...wanted].sort(), 'the records', timeoutMs)

export const serves = (
  plane: ControlPlane,
  wanted: readonly string[],
  timeoutMs = 10_000,
): Promise<unknown> => eventually(() => served(plane), [...wanted].sort(), 'the Istio Gateways', timeoutMs)

const eventually = async (
  ask: () => Promise<readonly string[]>,
  wanted: readonly string[],
  what: string,
  timeoutMs: number,
): Promise<void> => {
  let last: readonly string[] = []
  try {
    await waitFor(
      async () => {
        last = await ask()
        return Bun.deepEquals(last, wanted)
      },
      { what, timeoutMs },
    )
  } catch {
    throw new Error(`${what}: waited for\n  ${wanted.join('\n  ')}\nand there is\n  ${last.join('\n  ')}`)
  }
}
