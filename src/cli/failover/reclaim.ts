import { type Claim, maxEpoch } from '../../api/claims.ts'
import { apiVersionOf, ClusterIdentity } from '../../api/kinds.ts'
import { gatewayServiceType, label, reclaimAnnotation } from '../../api/labels.ts'
import { questionKeyOf } from '../../engine/failover/answers.ts'
import { seenClaim } from '../../engine/failover/claims.ts'
import { reclaimedEpoch } from '../../engine/failover/home.ts'
import { zonesOf } from '../../engine/failover/readable.ts'
import { failoverManager } from '../../execute/engage.ts'
import { apply } from '../../kube/index.ts'
import { type ExitCode, exitCode, UserError } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { confirm } from './confirm.ts'
import { paceOf } from './pace.ts'
import { reclaimRights, requireRights } from './rights.ts'
import { begin, type SwitchArgs, timedOut } from './session.ts'
import type { View } from './view.ts'

/** In the home cluster: ends a claim on it whose holder is gone. */
export const reclaimCluster = async (context: Context, args: SwitchArgs): Promise<ExitCode> => {
  const { output, signal } = context
  const { client, options, view, timeoutMs } = await begin(context, args)
  if (args.cluster !== view.me)
    throw new UserError(
      exitCode.invalidInput,
      `this cluster is ${view.me}, and only ${args.cluster} itself can reclaim its name`,
      `run it against ${args.cluster}: --context, --kubeconfig`,
    )
  const held = heldClaim(view)
  if (held === undefined) {
    output.out(`Nobody holds a claim on ${view.me}.\n`)
    return exitCode.ok
  }
  const epoch = Math.min(held.epoch + 1, maxEpoch)
  output.out(
    `${view.me} ends the claim of ${held.holder} (epoch ${held.epoch}) by releasing it with epoch ${epoch}, and publishes its own addresses.\n` +
      `Should ${held.holder} still be there, it gives way when it sees that: "srouter failover end" there is the gentler way.\n`,
  )
  if (args.dryRun) return exitCode.ok
  await requireRights(client, reclaimRights, signal)
  await confirm(`Reclaim ${view.me}?`, args, context)
  await apply(
    client,
    {
      apiVersion: apiVersionOf(ClusterIdentity),
      kind: ClusterIdentity.kind,
      metadata: { name: identityName(view), annotations: { [reclaimAnnotation]: String(epoch) } },
    },
    { force: true, fieldManager: failoverManager, signal },
  )
  const pace = paceOf(client, options, context)
  const { done } = await pace.until(
    ({ metadata: { labels } }) => labels?.[label.resourceType] === gatewayServiceType,
    ({ view: now, written, failures }) => {
      for (const zone of zonesOf(now.reconciliation.evaluation.world))
        pace.tell(`zone ${zone}: ${claimWords(now, zone)}`)
      const isAsWanted = written + failures.length === 0 && heldClaim(now) === undefined
      return isAsWanted && (!args.wait || areOwn(now))
    },
    timeoutMs,
  )
  if (!done) throw timedOut(`not every zone gives the addresses of ${view.me} after ${args.timeout}`)
  output.out(`Reclaimed: ${view.me} publishes its own addresses.\n`)
  return exitCode.ok
}

const identityName = ({ reconciliation }: View): string => {
  const { identity } = reconciliation.evaluation.world
  return identity.state === 'one' ? identity.resource.name : ''
}

const seen = ({ reconciliation, me, identity }: View, zone: string) =>
  seenClaim(reconciliation.evaluation.world.answers ?? new Map(), { zone, peer: me, domain: identity.domain })

const claimWords = (view: View, zone: string): string => {
  const found = seen(view, zone)
  return found.state === 'claim'
    ? `${found.claim.state} by ${found.claim.holder}, epoch ${found.claim.epoch}`
    : found.state
}

/** The claim on this cluster that counts, as zones say it or as it is remembered. */
const heldClaim = (view: View): Pick<Claim, 'holder' | 'epoch'> | undefined => {
  const { world } = view.reconciliation.evaluation
  const ended = reclaimedEpoch(world)
  if (world.home.state === 'yielded') return world.home
  const found = zonesOf(world)
    .map(zone => seen(view, zone))
    .flatMap(each => (each.state === 'claim' && each.claim.state === 'held' ? each.claim : []))
    .filter(({ epoch }) => epoch > ended)
  return found.sort((a, b) => b.epoch - a.epoch)[0]
}

/** Whether every zone that answers has what this cluster wants under its names. */
const areOwn = ({ reconciliation, me }: View): boolean =>
  reconciliation.plan.records.every(
    ({ name, zone, type, targets }) =>
      !name.startsWith(`${me}-`) ||
      isPublished(reconciliation.evaluation.world.answers, { zone, name, type, targets }),
  )

const isPublished = (
  answers: View['reconciliation']['evaluation']['world']['answers'],
  { zone, name, type, targets }: { zone: string; name: string; type: string; targets: readonly string[] },
): boolean => {
  const answer = answers?.get(questionKeyOf({ zone, name, type }))
  if (answer === undefined || answer.state === 'silent') return true
  return answer.state === 'found' && targets.every(target => answer.targets.includes(target))
}
