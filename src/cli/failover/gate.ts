import { label } from '../../api/labels.ts'
import type { ObjectChange } from '../../engine/change.ts'
import { gatewayOwner } from '../../engine/current.ts'
import type { Home } from '../../engine/failover/home.ts'
import { mirrored } from '../../engine/failover/mirror.ts'
import { connect } from '../../kube/index.ts'
import { parseDuration } from '../../lib/duration.ts'
import { type ExitCode, exitCode, messageOf, UserError } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { look, type View } from './view.ts'

export interface GateArgs {
  readonly timeout: string
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
  readonly defaultGatewayNamespace: string
}

const everyMs = 1_000

/**
 * Waits until this cluster knows whether another one stands in for it, and its DNSEndpoints say so: what ExternalDNS then
 * reads contradicts nobody. An API server that does not answer is waited for, too.
 */
export const waitAtGate = async ({ log, signal, output }: Context, args: GateArgs): Promise<ExitCode> => {
  const timeoutMs =
    (args.timeout !== '0' && parseDuration(args.timeout, '--timeout')) || Number.POSITIVE_INFINITY
  const client = connect({ kubeconfig: args.kubeconfig, context: args.context })
  const began = client.timing.elapsed()
  let told = ''
  for (;;) {
    const why = await closedBecause(() =>
      look({
        client,
        signal,
        defaultGatewayNamespace: args.defaultGatewayNamespace,
        intervalSeconds: 30,
      }),
    )
    if (signal.aborted) throw signal.reason
    if (why === undefined) {
      output.out('Open: the DNSEndpoints of the gateways agree with the claim.\n')
      return exitCode.ok
    }
    if (why !== told) log.info('Closed', { why })
    told = why
    if (client.timing.elapsed() - began >= timeoutMs)
      throw new UserError(
        exitCode.timedOut,
        `the gate is still closed after ${args.timeout}: ${why}`,
        'without it, ExternalDNS might publish what contradicts the cluster that stands in',
      )
    await client.timing.pause(everyMs, signal)
  }
}

const closedBecause = async (see: () => Promise<View>): Promise<string | undefined> => {
  try {
    return closed(await see())
  } catch (thrown) {
    return messageOf(thrown)
  }
}

/** Why ExternalDNS may not start yet. */
const closed = ({ reconciliation }: View): string | undefined => {
  const { pairs, world } = reconciliation.evaluation
  const { home } = world
  if (home.state === 'unsure') return `the claim cannot be read: ${home.why}`
  if (home.state === 'yielded') {
    if (home.remembered !== undefined) return `the claim cannot be read: ${home.remembered}`
    const unread = pairs.find(({ spec }) => mirrored(spec, world) === undefined)
    if (unread !== undefined)
      return `the addresses of ${home.holder} for ${unread.spec.targetPostfix} cannot be read`
  }
  const differing = reconciliation.plan.objects.find(change => isContradiction(change, home))
  return differing === undefined
    ? undefined
    : `the DNSEndpoint ${differing.ref.namespace}/${differing.ref.name} does not say yet what it should`
}

/**
 * A gateway's record of a cluster that others stand in for, which would overwrite theirs; and whatever is left of standing
 * in for others, since the home cluster may have ended that.
 */
const isContradiction = ({ action, before, after }: ObjectChange, { state }: Home): boolean => {
  const object = after ?? before
  if (action === 'unchanged' || object === undefined) return false
  if (object.metadata.labels?.[label.regionFailover] !== undefined) return true
  return state !== 'alone' && action !== 'delete' && gatewayOwner(object) !== undefined
}
