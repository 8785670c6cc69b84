import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  apiVersionOf,
  DNSEndpoint,
  IstioGateway,
  type KindInfo,
  routerKinds,
  Service,
} from '../../../src/api/kinds.ts'
import { type KubeObject, refOf } from '../../../src/api/object.ts'
import { Lease } from '../../../src/kube/kinds.ts'
import { type ControlPlane, startControlPlane } from '../../lab/cluster.ts'
import { allCrds } from '../../lab/crds.ts'

let shared: Promise<ControlPlane> | undefined

/** Where the shared control plane's API server notes every write of an object that srouter derives. */
const auditFolder = mkdtempSync(join(tmpdir(), 'srouter-audit-'))
export const auditLog = join(auditFolder, 'audit.log')

const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [
    {
      level: 'Metadata',
      verbs: ['create', 'update', 'patch', 'delete'],
      resources: [DNSEndpoint.group, IstioGateway.group].map(group => ({ group })),
    },
    { level: 'None' },
  ],
}

/** Namespaces that stand ready. */
export const namespaces = ['app', 'b', 'c', 'x', 'ingress', 'istio-system'] as const

/**
 * A control plane for all test files of this folder, one after the other: each test begins with `clear`. Nothing
 * collects garbage on it: what srouter leaves behind or deletes must be its own doing.
 */
export const clusterPlane = (): Promise<ControlPlane> => {
  shared ??= startClusterPlane()
  return shared
}

const startClusterPlane = async (): Promise<ControlPlane> => {
  const policyFile = join(auditFolder, 'policy.json')
  writeFileSync(policyFile, JSON.stringify(auditPolicy))
  const plane = await startControlPlane({
    manifests: await allCrds(),
    arguments: {
      apiserver: [
        `--audit-policy-file=${policyFile}`,
        `--audit-log-path=${auditLog}`,
        '--audit-log-mode=blocking',
      ],
    },
  })
  await plane.kill('controllerManager')
  await withNamespaces(plane)
  return plane
}

export const withNamespaces = async (
  plane: ControlPlane,
  names: readonly string[] = namespaces,
): Promise<void> => {
  await plane.applyManifests(names.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })))
}

export const derivedKinds: readonly KindInfo[] = [DNSEndpoint, IstioGateway]
const cleared: readonly KindInfo[] = [...routerKinds, ...derivedKinds, Service, Lease]

/** Removes everything that srouter reads or writes. */
export const clear = async (plane: ControlPlane): Promise<void> => {
  const objects = (await Promise.all(cleared.map(kind => listAll(plane, kind)))).flat()
  // Kubernetes' own Service, and the Lease of its API server.
  const ours = objects.filter(
    ({ metadata }) => !['default', 'kube-system'].includes(metadata.namespace ?? ''),
  )
  await inBatches(ours, async object => {
    await plane.remove(refOf(object))
  })
}

/** All objects of a kind, with the apiVersion and kind that a list leaves out. */
export const listAll = async (plane: ControlPlane, kind: KindInfo): Promise<KubeObject[]> => {
  const apiVersion = apiVersionOf(kind)
  return (await plane.list(apiVersion, kind.kind)).map(item => ({ ...item, apiVersion, kind: kind.kind }))
}

/** Many at a time, as a test has no reason to be slow. */
export const inBatches = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}
