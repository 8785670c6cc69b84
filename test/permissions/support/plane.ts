import { apiVersionOf, routerKinds } from '../../../src/api/kinds.ts'
import type { Rule } from '../../../src/install/rules.ts'
import { type Ended, execute, srouter } from '../../executable/process.ts'
import type { Manifest } from '../../lab/client.ts'
import { type ControlPlane, startControlPlane } from '../../lab/cluster.ts'
import { dnsEndpointCrd, istioGatewayCrd } from '../../lab/crds.ts'
import { documents } from '../../lab/documents.ts'
import { waitFor } from '../../lab/wait.ts'
import { type Audit, newAudit } from './audit.ts'

/** A cluster in which srouter is installed as `srouter install` prints it. */
export interface Installed {
  readonly plane: ControlPlane
  readonly audit: Audit
  /** What was printed, and was not taken because its kind is not there. */
  readonly skipped: readonly string[]
}

export const home = 'srouter-system'

let shared: Promise<Installed> | undefined

/** One for all test files of this folder. */
export const installedPlane = (): Promise<Installed> => {
  shared ??= start()
  return shared
}

const start = async (): Promise<Installed> => {
  const audit = newAudit()
  const plane = await startControlPlane({
    manifests: [await dnsEndpointCrd(), await istioGatewayCrd()],
    arguments: {
      apiserver: [
        ...audit.arguments,
        // As OpenShift has it: who says that an owner may not be deleted first needs a permission for that.
        '--enable-admission-plugins=OwnerReferencesPermissionEnforcement',
      ],
    },
  })
  const skipped = await kubectlApply(plane, await printed('--with-service-monitor', '--with-network-policy'))
  for (const kind of routerKinds)
    await waitFor(() => plane.list(apiVersionOf(kind), kind.kind), { what: `${kind.plural} to be served` })
  const namespaces = ['app', 'other', 'ingress', 'istio-system']
  await plane.applyManifests(
    namespaces.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  )
  return { plane, audit, skipped }
}

export const printed = async (...flags: readonly string[]): Promise<readonly Manifest[]> =>
  documents<Manifest>((await execute(srouter(), ['install', ...flags])).out)

/**
 * As `kubectl apply --server-side -f -`: object by object, in the order in which they come. The answer are kinds that
 * the cluster does not have.
 */
export const kubectlApply = async (
  plane: ControlPlane,
  manifests: readonly Manifest[],
): Promise<readonly string[]> => {
  const skipped: string[] = []
  for (const manifest of manifests) {
    const { apiVersion, kind, metadata } = manifest
    const path = await plane.pathOf({ apiVersion, kind, ...metadata }).catch(() => undefined)
    if (path === undefined) skipped.push(kind)
    else {
      const { status, body } = await plane.request(
        'PATCH',
        `${path}?fieldManager=kubectl&fieldValidation=Strict`,
        manifest,
        { contentType: 'application/apply-patch+yaml' },
      )
      if (status >= 300) throw new Error(`${kind} ${metadata.name}: ${status} ${JSON.stringify(body)}`)
    }
  }
  return skipped
}

const rbac = 'rbac.authorization.k8s.io'
const reference = (kind: string, name: string) => ({ roleRef: { apiGroup: rbac, kind, name } })

/** A kubeconfig of a service account; `url` is another way to the API server. */
export const kubeconfigFor = async (
  { plane }: Installed,
  serviceAccount: string,
  url?: string,
): Promise<string> => {
  const [namespace = '', name = ''] = serviceAccount.split('/')
  const token = await plane.serviceAccountToken(namespace, name)
  return plane.kubeconfig({ user: serviceAccount, token }, url === undefined ? {} : { url })
}

/** A service account with these rules, in the cluster and in srouter's namespace. */
export const accountWith = (
  name: string,
  rules: { readonly cluster: readonly Rule[]; readonly home: readonly Rule[] },
): readonly Manifest[] => {
  const subjects = [{ kind: 'ServiceAccount', name, namespace: home }]
  const inside = { name, namespace: home }
  const apiVersion = `${rbac}/v1`
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: inside },
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules: rules.cluster },
    { apiVersion, kind: 'Role', metadata: inside, rules: rules.home },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      ...reference('ClusterRole', name),
      subjects,
    },
    { apiVersion, kind: 'RoleBinding', metadata: inside, ...reference('Role', name), subjects },
  ]
}

/** A service account in a namespace, with a ClusterRole that is there: in the namespace or everywhere. */
export const accountBoundTo = (
  namespace: string,
  name: string,
  clusterRoles: readonly string[],
  scope: 'namespace' | 'cluster' = 'namespace',
): readonly Manifest[] => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
  ...clusterRoles.map(each => ({
    apiVersion: `${rbac}/v1`,
    kind: scope === 'cluster' ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: `${name}-${each}`, ...(scope === 'cluster' ? {} : { namespace }) },
    ...reference('ClusterRole', each),
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  })),
]

/** Runs a command to its end. */
export const runWith = (kubeconfig: string, argv: readonly string[]): Promise<Ended> =>
  execute(srouter(), [...argv, '--kubeconfig', kubeconfig])
