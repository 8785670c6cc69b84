import { probeText } from '../../api/probe.ts'
import { addressText } from '../../engine/failover/answers.ts'
import { engagementOf } from '../../engine/failover/automatic/facts.ts'
import { failoverMemory } from '../../engine/failover/memory.ts'
import { isRedirected } from '../../engine/failover/redirected.ts'
import type { StandIn } from '../../engine/failover/stand-in.ts'
import { connect } from '../../kube/index.ts'
import { type ExitCode, exitCode } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { escapeTerminal } from '../render/escape.ts'
import { widest } from '../render/layout.ts'
import { standInNamed } from './peer.ts'
import { claimText, namesOf } from './preview.ts'
import { look, type View } from './view.ts'

export interface StatusArgs {
  readonly cluster: string | undefined
  readonly output: 'text' | 'json'
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
  readonly defaultGatewayNamespace: string
}

/** Who stands in for whom, and what each zone answers. Nothing is written. */
export const failoverStatus = async (context: Context, args: StatusArgs): Promise<ExitCode> => {
  const { output, signal } = context
  const client = connect({ kubeconfig: args.kubeconfig, context: args.context })
  const view = await look({
    client,
    signal,
    defaultGatewayNamespace: args.defaultGatewayNamespace,
    intervalSeconds: 30,
  })
  const standIns =
    args.cluster === undefined || args.cluster === view.me
      ? view.reconciliation.evaluation.standIns
      : [standInNamed(view, args.cluster)]
  if (args.output === 'json') output.out(`${JSON.stringify(asData(view, standIns))}\n`)
  else for (const line of lines(view, standIns)) output.out(`${escapeTerminal(line)}\n`)
  return exitCode.ok
}

function* lines(view: View, standIns: readonly StandIn[]): Generator<string> {
  yield `${view.me}: ${homeText(view)}`
  if (standIns.length === 0) yield 'It has no RegionFailover, so it may stand in for nobody.'
  for (const standIn of standIns) {
    const { names, missing } = namesOf(view, standIn)
    yield ''
    yield `${standIn.peer}: ${standIn.state}: ${standIn.why}`
    const zones = widest(standIn.zones.map(({ zone }) => zone))
    const longest = widest(names.map(({ name }) => name))
    for (const zone of standIn.zones) {
      yield `  zone ${zone.zone.padEnd(zones)}  claim: ${claimText(zone)}`
      for (const each of names.filter(name => name.zone === zone.zone))
        yield `  ${' '.repeat(5 + zones)}  ${each.name.padEnd(longest)}  ${answerText(each.there)}${isRedirected(each) ? ` (${view.me})` : ''}`
    }
    if (missing.length > 0) yield `  left out: ${missing.join(', ')}`
    for (const zone of contendedIn(standIn)) yield `  contended: zone ${zone} went back to other addresses`
    yield* probeLines(standIn)
    for (const { time, event, epoch, reason } of memoryOf(standIn).history.slice(0, 5))
      yield `  ${time}  ${event}${epoch === undefined ? '' : `, epoch ${epoch}`}${reason === undefined ? '' : `: ${reason}`}`
  }
}

/** What the daemon has found and would do; nothing is probed from where the command is run. */
function* probeLines(standIn: StandIn): Generator<string> {
  const { spec } = standIn.resource
  if (spec?.probe === undefined) return
  const { probe, automatic } = memoryOf(standIn)
  if (spec.mode !== 'Manual')
    yield automatic?.state === undefined
      ? `  mode ${spec.mode}: the daemon has not decided anything yet`
      : `  mode ${spec.mode}: ${automatic.state}${sinceText(automatic.since)}: ${automatic.message ?? automatic.reason ?? ''}`
  yield `  probe ${probeText(spec.probe)}: ${probe?.state ?? 'not begun: is the daemon running?'}${sinceText(probe?.since)}`
  for (const { address, answers, message } of probe?.addresses ?? [])
    yield `    ${address}  ${answers === undefined ? 'not probed yet' : answers ? 'answers' : (message ?? 'no answer')}`
  for (const witness of spec.mode === 'Manual' ? [] : (spec.witnesses ?? []))
    yield `  witness ${probeText(witness)}`
}

const sinceText = (since: string | undefined): string => (since === undefined ? '' : ` since ${since}`)

const answerText = (there: Parameters<typeof addressText>[0] | undefined): string =>
  there === undefined ? 'no answer' : addressText(there) || 'nothing'

const homeText = ({ reconciliation }: View): string => {
  const { home } = reconciliation.evaluation.world
  switch (home.state) {
    case 'alone':
      return 'no cluster may stand in for it'
    case 'free':
      return home.ignored === undefined
        ? 'no cluster stands in for it'
        : `no cluster stands in for it; ${home.ignored.holder} claims to, and is not among standIns`
    case 'unsure':
      return `whether another cluster stands in for it cannot be read: ${home.why}`
    default:
      return `${home.holder} stands in for it, with epoch ${home.epoch}${home.remembered === undefined ? '' : ` (as remembered: ${home.remembered})`}`
  }
}

const memoryOf = ({ resource }: StandIn) => failoverMemory(resource.object)

const contendedIn = (standIn: StandIn): readonly string[] =>
  memoryOf(standIn).zones.flatMap(({ region, contendedAt }) => (contendedAt === undefined ? [] : region))

const engagedByWords = { none: null, byHand: 'people', automatic: 'automatic' } as const

const asData = (view: View, standIns: readonly StandIn[]): object => {
  const { home } = view.reconciliation.evaluation.world
  return {
    formatVersion: '1.0',
    cluster: view.me,
    home: {
      state: home.state,
      holder: home.state === 'yielded' ? home.holder : null,
      epoch: home.state === 'yielded' ? home.epoch : null,
      message: homeText(view),
    },
    failovers: standIns.map(standIn => {
      const { names, missing } = namesOf(view, standIn)
      const contended = contendedIn(standIn)
      return {
        name: standIn.peer,
        engage: standIn.resource.spec?.engage ?? false,
        engagedBy: engagedByWords[engagementOf(standIn.resource)],
        state: standIn.state,
        message: standIn.why,
        epoch: standIn.epoch,
        missingPostfixes: missing,
        zones: standIn.zones.map(zone => ({
          zone: zone.zone,
          claim:
            zone.seen.state === 'claim'
              ? { ...zone.seen.claim, state: zone.seen.claim.state }
              : { state: zone.seen.state },
          contended: contended.includes(zone.zone),
          names: names
            .filter(name => name.zone === zone.zone)
            .map(name => ({
              name: name.name,
              answers: name.there === undefined ? null : name.there.flatMap(({ targets }) => targets),
              redirected: isRedirected(name),
            })),
        })),
        mode: standIn.resource.spec?.mode ?? 'Manual',
        probe: memoryOf(standIn).probe ?? null,
        automatic: memoryOf(standIn).automatic ?? null,
        history: memoryOf(standIn).history,
      }
    }),
  }
}
