import { isRedirected } from '../../engine/failover/redirected.ts'
import type { StandIn } from '../../engine/failover/stand-in.ts'
import { setEngage } from '../../execute/engage.ts'
import type { KubeClient } from '../../kube/index.ts'
import { type ExitCode, exitCode, UserError } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { escapeTerminal } from '../render/escape.ts'
import { confirm } from './confirm.ts'
import { watchZones } from './contention.ts'
import { type Pace, paceOf } from './pace.ts'
import { standInNamed } from './peer.ts'
import { claimText, namesOf, previewLines } from './preview.ts'
import { createRedirection } from './redirection.ts'
import { refuse } from './refuse.ts'
import { requireRights, switchRights } from './rights.ts'
import { begin, type SwitchArgs, timedOut } from './session.ts'
import { aboutPeer, type Step } from './step.ts'
import { ifEngaged, standInFor, type View } from './view.ts'

export interface StartArgs extends SwitchArgs {
  readonly reason: string | undefined
  readonly force: boolean
}

/** Preview, confirmation, claim, records; and with --wait, until clients get the new addresses. */
export const startFailover = async (context: Context, args: StartArgs): Promise<ExitCode> => {
  const { output, signal } = context
  const { client, options, view, timeoutMs } = await begin(context, args)
  const present = standInNamed(view, args.cluster)
  const overrideEpoch = args.force ? heldEpoch(view, present) : undefined
  const would = ifEngaged(view, args.cluster, overrideEpoch)
  const standIn = standInNamed(would, args.cluster)
  refuse(would, standIn, args.force)
  for (const line of previewLines(would, standIn)) output.out(`${line}\n`)
  if (args.dryRun) return exitCode.ok
  await requireRights(client, switchRights, signal)
  if (present.state === 'Engaged') output.out(`It stands in for ${args.cluster} already.\n`)
  else await confirm(`Stand in for ${args.cluster}?`, args, context)

  const undo = `It ends with: srouter failover end ${args.cluster}`
  const onAbort = (): void => output.err(`It is switched on, and the daemon goes on with it. ${undo}\n`)
  const pace = paceOf(client, options, context)
  if (present.state === 'Withdrawn') await reset(client, pace, args, signal)
  await setEngage(client, args.cluster, { engage: true, reason: args.reason, overrideEpoch }, signal)
  signal.addEventListener('abort', onAbort, { once: true })
  const engaged = await pace.until(
    aboutPeer(args.cluster),
    step => {
      refuseRival(step, args.cluster)
      tellClaims(step, args.cluster, pace)
      return (
        step.written + step.failures.length === 0 && standInFor(step.view, args.cluster)?.state === 'Engaged'
      )
    },
    timeoutMs,
  )
  if (!engaged.done) {
    output.out(`${undo}\n`)
    throw timedOut(`the stand-in records are not written in every zone after ${args.timeout}`)
  }
  pace.tell('the stand-in records are written')
  const code = args.wait ? await redirected(context, args, { client, pace, timeoutMs }) : exitCode.ok
  signal.removeEventListener('abort', onAbort)
  output.out(`${undo}\n`)
  return code
}

/** The epoch of the claim that another cluster holds. */
const heldEpoch = ({ me }: View, { zones }: StandIn): number | undefined => {
  const epochs = zones.flatMap(({ seen }) =>
    seen.state === 'claim' && seen.claim.state === 'held' && seen.claim.holder !== me ? seen.claim.epoch : [],
  )
  return epochs.length === 0 ? undefined : Math.max(...epochs)
}

/** What it gave way to before is forgotten once it has been switched off. */
const reset = async (
  client: KubeClient,
  pace: Pace,
  { cluster }: SwitchArgs,
  signal: AbortSignal,
): Promise<void> => {
  await setEngage(client, cluster, { engage: false, reason: undefined }, signal)
  const { done } = await pace.until(
    aboutPeer(cluster),
    ({ view }) => standInFor(view, cluster)?.state === 'Standby',
    pace.elapsed() * 1000 + 60_000,
  )
  if (!done) throw timedOut('the RegionFailover gave way before, and could not be reset')
}

const refuseRival = ({ view }: Step, peer: string): void => {
  const standIn = standInFor(view, peer)
  if (standIn?.state === 'Withdrawn' || standIn?.state === 'Blocked')
    throw new UserError(
      exitCode.invalidInput,
      `${view.me} has given way: ${standIn.why}`,
      'srouter failover status shows who holds the claim',
    )
}

const tellClaims = ({ view }: Step, peer: string, { tell }: Pace): void => {
  const standIn = standInFor(view, peer)
  for (const zone of standIn?.zones ?? []) tell(`zone ${zone.zone}: ${claimText(zone)}`)
}

interface Waiting {
  readonly client: KubeClient
  readonly pace: Pace
  readonly timeoutMs: number
}

/** Until every zone that answers at all gives the new addresses; then whether they stay. */
const redirected = async (
  { output, signal }: Context,
  { cluster, timeout }: SwitchArgs,
  { client, pace, timeoutMs }: Waiting,
): Promise<ExitCode> => {
  const writtenAt = pace.elapsed()
  let redirection = createRedirection()
  const { last, done } = await pace.until(
    aboutPeer(cluster),
    step => {
      const standIn = standInFor(step.view, cluster)
      if (standIn === undefined) return false
      const { names } = namesOf(step.view, standIn)
      for (const each of names)
        if (isRedirected(each)) pace.tell(`zone ${each.zone}: ${each.name} is redirected`)
      redirection.note(names)
      return redirection.isComplete(names)
    },
    timeoutMs,
  )
  if (!done && redirection.contended().length === 0)
    throw timedOut(`not every zone gives the new addresses after ${timeout}`)
  const standIn = standInFor(last.view, cluster)
  const me = escapeTerminal(last.view.me)
  if (standIn !== undefined && namesOf(last.view, standIn).names.every(({ there }) => there === undefined)) {
    output.out(
      `No zone can be read from here, so nobody has seen the addresses of ${me}: they are written, and ExternalDNS publishes them in its next cycle.\n`,
    )
    return exitCode.ok
  }
  if (done) {
    // The records were written right after a cycle of ExternalDNS had published the claim, so this is about one cycle.
    const cycleSeconds = Math.min(120, Math.max(1, pace.elapsed() - writtenAt))
    pace.tell(
      `every zone that answers is redirected; watching for ${Math.ceil(3 * cycleSeconds)} s whether they stay so`,
    )
    // A home cluster that lives yields within the first cycle; what goes back after that has nobody to tell it.
    const watching = { client, view: last.view, peer: cluster, signal }
    await watchZones(watching, 1000 * cycleSeconds, createRedirection())
    redirection = createRedirection()
    await watchZones(watching, 2000 * cycleSeconds, redirection)
  }
  if (redirection.contended().length === 0) {
    output.out(`Redirected: every zone that answers gives the addresses of ${me}.\n`)
    return exitCode.ok
  }
  const zones = redirection.contended().join(', ')
  output.out(
    `${escapeTerminal(`Contended: zone ${zones} went back to other addresses. An ExternalDNS of ${cluster} still publishes them.`)}\n` +
      `${escapeTerminal(`Fence it: take the right to write DNS away from ${cluster} at the DNS provider (docs/failover.md), then see: srouter failover status ${cluster}`)}\n`,
  )
  return exitCode.timedOut
}
