import type { KubeUser } from '../../../src/kube/target.ts'
import { type Srouter, srouterOn } from '../../cluster/support/srouter.ts'
import { execute, srouter } from '../../executable/process.ts'
import { type ControlPlane, startControlPlane } from '../../lab/cluster.ts'
import type { ComponentName } from '../../lab/components.ts'
import { allCrds } from '../../lab/crds.ts'
import { documents } from '../../lab/documents.ts'

export interface DaemonPlane {
  readonly plane: ControlPlane
  /** `plan` and `apply` as the cluster's admin: what the daemon is compared with. */
  readonly srouter: Srouter
  /** Of the service account with the role that `srouter install` prints; at another address where one is given. */
  kubeconfig(url?: string): string
  /** The same, for the product's client in this process. */
  readonly user: KubeUser
  /** Whatever a test has done to the components: they are there, and well. */
  mend(): Promise<void>
}

/** Where `srouter install` puts the daemon. */
export const home = 'srouter-system'
export const leaseRef = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: home,
  name: 'srouter',
} as const
export const namespaces = ['app', 'b', 'c', 'ingress', 'istio-system'] as const

let shared: Promise<DaemonPlane> | undefined

/** One control plane for all test files of this folder, kube-controller-manager included. */
export const daemonPlane = (): Promise<DaemonPlane> => {
  shared ??= start()
  return shared
}

/** What the daemon's Deployment has: the service account and the roles that `srouter install` prints. */
export const serviceAccount = async (
  plane: ControlPlane,
): Promise<Pick<DaemonPlane, 'kubeconfig' | 'user'>> => {
  const installed = await execute(srouter(), ['install'])
  if (installed.code !== 0) throw new Error(installed.err)
  // The kinds are the plane's: a test may want to do without one.
  const wanted = documents(installed.out).filter(({ kind }) => kind !== 'CustomResourceDefinition')
  await plane.applyManifests(wanted)
  const token = await plane.serviceAccountToken(home, 'srouter', 24 * 3600)
  const user = { name: 'srouter', token, impersonate: {} }
  return {
    user,
    kubeconfig: url =>
      plane.kubeconfig(
        { user: 'srouter', token },
        { namespace: home, ...(url === undefined ? {} : { url }) },
      ),
  }
}

const start = async (): Promise<DaemonPlane> => {
  const plane = await startControlPlane({ manifests: await allCrds() })
  await plane.applyManifests(
    namespaces.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  )
  const components: readonly ComponentName[] = ['etcd', 'apiserver', 'controllerManager']
  return {
    plane,
    srouter: srouterOn(plane),
    ...(await serviceAccount(plane)),
    mend: async () => {
      for (const component of components) {
        if (plane.pid(component) === undefined) await plane.restart(component)
        else await plane.kill(component, 'SIGCONT')
      }
    },
  }
}
