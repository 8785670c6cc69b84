import { addressText } from '../../engine/failover/answers.ts'
import { missingPostfixes } from '../../engine/failover/postfixes.ts'
import { isRedirected, type StandInName, standInNames } from '../../engine/failover/redirected.ts'
import type { StandIn, StandInZone } from '../../engine/failover/stand-in.ts'
import { counted } from '../../lib/counted.ts'
import { escapeTerminal } from '../render/escape.ts'
import { widest } from '../render/layout.ts'
import type { View } from './view.ts'

/** The names that a stand-in is about, zone by zone, and what is left out. */
export interface Names {
  readonly names: readonly StandInName[]
  readonly missing: readonly string[]
}

export const namesOf = (
  {
    reconciliation: {
      evaluation: { pairs, world },
    },
  }: Pick<View, 'reconciliation'>,
  standIn: StandIn,
): Names => ({
  names: standInNames(standIn, pairs, world),
  missing: missingPostfixes(standIn, pairs, world),
})

/** One line for each zone and name: what clients get now, and what they will. */
export const nameLines = ({ names }: Names): readonly string[] => {
  const zones = widest(names.map(({ zone }) => zone))
  const longest = widest(names.map(({ name }) => name))
  return names.map(each => {
    const now = each.there === undefined ? 'no answer' : addressText(each.there) || 'nothing'
    const change = isRedirected(each) ? now : `${now} → ${addressText(each.ours)}`
    return escapeTerminal(`  zone ${each.zone.padEnd(zones)}  ${each.name.padEnd(longest)}  ${change}`)
  })
}

/** What is about to happen. */
export function* previewLines(view: View, standIn: StandIn): Generator<string> {
  const { names, missing } = namesOf(view, standIn)
  const { controllers } = view.reconciliation.evaluation.world
  const gateways = new Set(names.map(({ name }) => name)).size
  yield `${view.me} stands in for ${standIn.peer}, with epoch ${standIn.claim?.epoch ?? standIn.epoch}`
  yield* nameLines({ names, missing })
  yield `Writes ${counted(controllers.length, 'claim')}, and when ${controllers.length === 1 ? 'it is' : 'they are'} seen ${counted(gateways * controllers.length, 'stand-in record')}.`
  if (missing.length > 0)
    yield `Left out, because ${standIn.peer} has no such gateway: ${escapeTerminal(missing.join(', '))}`
  for (const zone of standIn.zones) {
    const trouble = zoneTrouble(zone)
    if (trouble !== undefined) yield escapeTerminal(`warning: zone ${zone.zone}: ${trouble}`)
  }
}

const zoneTrouble = ({ seen }: StandInZone): string | undefined => {
  if (seen.state === 'silent') return `${seen.why}; what is written there counts after two intervals`
  if (seen.state === 'unread')
    return 'it cannot be read without nameservers in the DNSConfiguration; what is written there counts after two intervals'
  return seen.state === 'strange' ? `the claim is ${seen.target}, which is none` : undefined
}

/** What a zone says of the claim, in a few words. */
export const claimText = ({ seen }: StandInZone): string => {
  switch (seen.state) {
    case 'claim':
      return `${seen.claim.state} by ${seen.claim.holder}, epoch ${seen.claim.epoch}`
    case 'strange':
      return `not a claim: ${seen.target}`
    case 'absent':
      return 'no claim'
    case 'silent':
      return `no answer: ${seen.why}`
    default:
      return 'not readable'
  }
}
