import { ownName } from '../../api/claims.ts'
import { sameSet } from '../../engine/addresses.ts'
import { addressesIn } from '../../engine/failover/answers.ts'
import { setEngage } from '../../execute/engage.ts'
import { type ExitCode, exitCode } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { confirm } from './confirm.ts'
import { paceOf } from './pace.ts'
import { standInNamed } from './peer.ts'
import { claimText, namesOf } from './preview.ts'
import { requireRights, switchRights } from './rights.ts'
import { begin, type SwitchArgs, timedOut } from './session.ts'
import { aboutPeer } from './step.ts'
import { standInFor, type View } from './view.ts'

/** Withdraws the records, then releases the claim; with --wait, until clients get the home cluster's addresses. */
export const endFailover = async (
  context: Context,
  args: SwitchArgs & { readonly reason: string | undefined },
): Promise<ExitCode> => {
  const { output, signal } = context
  const { client, options, view, timeoutMs } = await begin(context, args)
  const present = standInNamed(view, args.cluster)
  const isOff = (present.resource.spec?.engage ?? false) === false
  if (isOff && present.state === 'Standby') {
    output.out(`${view.me} does not stand in for ${args.cluster}.\n`)
    return exitCode.ok
  }
  output.out(
    `${view.me} withdraws its stand-in records and releases the claim on ${args.cluster}, with epoch ${present.epoch}.\n` +
      `The records stay in the zones until ${args.cluster} publishes its own addresses over them.\n`,
  )
  if (args.dryRun) return exitCode.ok
  await requireRights(client, switchRights, signal)
  await confirm(`End it?`, args, context)
  const pace = paceOf(client, options, context)
  await setEngage(client, args.cluster, { engage: false, reason: args.reason }, signal)
  const { done } = await pace.until(
    aboutPeer(args.cluster),
    step => {
      const standIn = standInFor(step.view, args.cluster)
      for (const zone of standIn?.zones ?? []) pace.tell(`zone ${zone.zone}: ${claimText(zone)}`)
      const isReleased = standIn?.claim === undefined || standIn.claim.state === 'released'
      return isReleased && step.written + step.failures.length === 0
    },
    timeoutMs,
  )
  if (!done) throw timedOut(`the claim is not released after ${args.timeout}`)
  output.out(`Released. ${args.cluster} gets its name back when it sees that.\n`)
  if (!args.wait) return exitCode.ok
  const home = await pace.until(aboutPeer(args.cluster), ({ view }) => isHome(view, args.cluster), timeoutMs)
  if (!home.done)
    throw timedOut(`not every zone gives the addresses of ${args.cluster} after ${args.timeout}; is it back?`)
  output.out(`Every zone that answers gives the addresses of ${args.cluster}.\n`)
  return exitCode.ok
}

/** Whether the names of a cluster have what it publishes under its `own-` names, in every zone that answers. */
const isHome = (view: View, peer: string): boolean => {
  const { world } = view.reconciliation.evaluation
  const standIn = standInFor(view, peer)
  const { answers } = world
  if (standIn === undefined || answers === undefined) return false
  const answering = namesOf(view, standIn).names.filter(({ there }) => there !== undefined)
  return (
    answering.length > 0 &&
    answering.every(({ zone, name, there }) => {
      const postfix = name.slice(peer.length + 1, name.indexOf('.'))
      const own = addressesIn(answers, zone, ownName(peer, postfix, view.identity.domain))
      return (
        own !== undefined && own.length > 0 && own.every(set => there?.some(other => sameSet(set, other)))
      )
    })
  )
}
