import { defaultNamespace, earlierOperatorLease, leaseName } from '../../api/leases.ts'
import { type KubeObject, shortName } from '../../api/object.ts'
import { daemonsIn } from '../../doctor/daemon.ts'
import { type Facts, known, type LeaseFacts, type Reading, type TlsSecret } from '../../doctor/facts.ts'
import { credentialsOf } from '../../doctor/ingress.ts'
import { reconcile } from '../../engine/engine.ts'
import { defaultSettings } from '../../engine/snapshot.ts'
import {
  Deployment,
  get,
  type KubeClient,
  Lease,
  type LeaseObject,
  list,
  readLease,
} from '../../kube/index.ts'
import { timestamp } from '../../lib/timestamp.ts'
import { readCluster } from '../../source/cluster.ts'
import { callerLacks, daemonLacks } from './access.ts'
import { reading } from './reading.ts'
import { servedVersions } from './served.ts'

export interface GatherOptions {
  readonly client: KubeClient
  readonly defaultGatewayNamespace: string
  readonly signal: AbortSignal
}

/** Everything that the checks look at. Nothing is written. */
export const gatherFacts = async (options: GatherOptions): Promise<Facts> => {
  const { client, signal } = options
  const [versions, state, deployments, earlierLeases, caller] = await Promise.all([
    servedVersions(options),
    reading(stateOf(options)),
    reading(list(client, Deployment, { signal }).then(({ items }) => items)),
    reading(leasesNamed(earlierOperatorLease, options)),
    reading(callerLacks(options)),
  ])
  const [leases, secrets, daemon] = await Promise.all([
    ourLeases(deployments, options),
    secretsOf(state, deployments, options),
    daemonLacks(deployments, options),
  ])
  return {
    now: client.timing.now(),
    served: versions,
    state,
    deployments,
    leases,
    earlierLeases,
    secrets,
    callerLacks: caller,
    daemonLacks: daemon,
  }
}

/** No zone is asked: what they answer is not of the set-up of this cluster. */
const stateOf = async ({ client, signal, defaultGatewayNamespace }: GatherOptions) => {
  const { inputs, current, istioApiVersion } = await readCluster(client, signal)
  const settings = {
    ...defaultSettings,
    defaultGatewayNamespace,
    istioApiVersion,
    now: timestamp(client.timing.now()),
  }
  return reconcile({ inputs, current, fromFiles: new Set(), settings })
}

const leasesNamed = async (
  name: string,
  { client, signal }: GatherOptions,
): Promise<readonly LeaseFacts[]> => {
  const selection = { fieldSelector: `metadata.name=${name}`, signal }
  const { items } = await list<LeaseObject>(client, Lease, selection)
  return items.map(({ metadata, spec }) => ({ name: shortName(metadata), spec }))
}

/** The daemon itself, in whose pod this may run, may read its own alone. */
const ourLeases = async (
  deployments: Facts['deployments'],
  options: GatherOptions,
): Promise<Facts['leases']> => {
  const all = await reading(leasesNamed(leaseName, options))
  if (all.known) return all
  const namespace =
    (deployments.known ? daemonsIn(deployments.value)[0]?.namespace : undefined) ?? defaultNamespace
  const own = await reading(readLease(options.client, { namespace, name: leaseName }, options.signal))
  if (!own.known) return all
  return known(own.value === undefined ? [] : [{ name: `${namespace}/${leaseName}`, spec: own.value }])
}

const secretsOf = async (
  state: Facts['state'],
  deployments: Facts['deployments'],
  { client, signal }: GatherOptions,
): Promise<Facts['secrets']> => {
  if (!state.known) return new Map()
  const { world } = state.value.evaluation
  const wanted = new Map(
    credentialsOf(world, deployments.known ? deployments.value : []).flatMap(({ namespace, name }) =>
      namespace === undefined ? [] : [[`${namespace}/${name}`, { namespace, name }] as const],
    ),
  )
  return new Map(
    await Promise.all(
      [...wanted].map(async ([key, ref]): Promise<[string, Reading<TlsSecret | undefined>]> => {
        const secret = await reading(
          get<SecretObject>(client, { apiVersion: 'v1', kind: 'Secret', ...ref }, { signal }),
        )
        return [key, secret.known ? known(tlsSecret(secret.value)) : secret]
      }),
    ),
  )
}

interface SecretObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

/** Istio takes both the names of kubernetes.io/tls and shorter ones. */
const tlsSecret = (secret: SecretObject | undefined): TlsSecret | undefined => {
  if (secret === undefined) return undefined
  const data = secret.data ?? {}
  const certificate = data['tls.crt'] ?? data.cert
  return {
    certificate:
      certificate === undefined ? undefined : Buffer.from(certificate, 'base64').toString('latin1'),
    hasKey: Boolean(data['tls.key'] ?? data.key),
  }
}
