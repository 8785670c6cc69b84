import { type ControlPlane, startControlPlane } from './cluster.ts'
import { allCrds } from './crds.ts'

let shared: Promise<ControlPlane> | undefined

/**
 * One control plane for all test files of a `bun test` run, started when it is first wanted, with the CRDs of srouter and
 * of its neighbours. Who kills its components, or needs cluster-scoped objects to be alone with, starts an own one.
 */
export const sharedControlPlane = (): Promise<ControlPlane> => {
  shared ??= allCrds().then(manifests => startControlPlane({ manifests }))
  return shared
}

/** The name of a namespace that nothing else uses, in the shared control plane or the one given. */
export const freshNamespace = async (
  labels: Readonly<Record<string, string>> = {},
  plane?: ControlPlane,
): Promise<string> => {
  const cluster = plane ?? (await sharedControlPlane())
  const name = `test-${crypto.randomUUID().slice(0, 8)}`
  await cluster.applyManifests([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }])
  return name
}
