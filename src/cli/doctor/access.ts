import { type Daemon, daemonsIn } from '../../doctor/daemon.ts'
import { type Facts, type Reading, unknown } from '../../doctor/facts.ts'
import { daemonLeaseRules, daemonRules } from '../../install/daemon-access.ts'
import { type Right, rightsIn } from '../../install/rules.ts'
import { allowed, type KubeClient, type Permission, type Subject } from '../../kube/index.ts'
import { reading } from './reading.ts'

interface Asking {
  readonly client: KubeClient
  readonly signal: AbortSignal
}

/** What the daemon does all day and a person who applies a plan does not. */
const onlyForDaemons = ({ verb, resource, subresource }: Right): boolean =>
  verb === 'watch' || subresource === 'finalizers' || resource === 'events' || resource === 'leases'

/** What `apply` needs and the caller may not. */
export const callerLacks = (asking: Asking): Promise<readonly Right[]> =>
  lacking(
    rightsIn(daemonRules).filter(right => !onlyForDaemons(right)),
    undefined,
    asking,
  )

/** The same of the daemon's ServiceAccount; to ask about others is a permission of its own. */
export const daemonLacks = async (
  deployments: Facts['deployments'],
  asking: Asking,
): Promise<Reading<readonly Right[]>> => {
  if (!deployments.known) return unknown(`${deployments.why}, which would name its ServiceAccount`)
  const [daemon] = daemonsIn(deployments.value)
  if (daemon === undefined) return unknown('no Deployment runs the daemon')
  const subject = subjectOf(daemon)
  return reading(
    Promise.all([
      lacking(rightsIn(daemonRules), undefined, { ...asking, subject }),
      lacking(rightsIn(daemonLeaseRules), daemon.namespace, { ...asking, subject }),
    ]).then(answers => answers.flat()),
  )
}

/** As the API server knows a ServiceAccount (k8s.io/apiserver pkg/authentication/serviceaccount). */
const subjectOf = ({ namespace, serviceAccount }: Daemon): Subject => ({
  user: `system:serviceaccount:${namespace}:${serviceAccount}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
})

const lacking = async (
  rights: readonly Right[],
  namespace: string | undefined,
  { client, ...how }: Asking & { readonly subject?: Subject },
): Promise<readonly Right[]> => {
  const answers = await Promise.all(
    rights.map(async right => ({ right, yes: await allowed(client, permissionOf(right, namespace), how) })),
  )
  return answers.filter(({ yes }) => !yes).map(({ right }) => right)
}

const permissionOf = (
  { verb, group, resource, subresource, name }: Right,
  namespace: string | undefined,
): Permission => ({
  verb: verb as Permission['verb'],
  kind: { group, plural: resource },
  namespace,
  name,
  subresource,
})
