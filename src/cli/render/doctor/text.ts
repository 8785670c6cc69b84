import type { Verdict } from '../../../doctor/check.ts'
import { type Outcome, outcomeOf, type Report, type Result, type Summary } from '../../../doctor/examine.ts'
import { counted } from '../../../lib/counted.ts'
import { escapeTerminal } from '../escape.ts'
import { resourceName } from '../finding-lines.ts'
import { wrapped } from '../layout.ts'
import { type Paint, type Palette, paletteOf, type Style } from '../style.ts'

/**
 * For people: a line for each check, the remedy below those that fail, the sum last, where a terminal stops scrolling.
 *
 * ```
 * Doctor for cluster aks01 in region weu, domain aks.example.com
 *
 * Zones
 *   ok       ZoneSize: weu 40, neu 38 of 25000 record sets
 *   warning  ClaimableHosts: hosts that end in -prod-shop can be claimed by 2
 *            namespaces: shop, shop2
 *            → let one namespace have each environment and application, …
 *
 * 38 checks: 1 warning
 * ```
 */
export function* doctorText({ cluster, results, summary }: Report, style: Style): Generator<string> {
  const palette = paletteOf(style)
  if (cluster !== undefined) {
    const name = `Doctor for cluster ${cluster.cluster} in region ${cluster.region}, domain ${cluster.domain}`
    yield `${escapeTerminal(name)}\n\n`
  }
  for (const [group, theirs] of Map.groupBy(results, result => result.group)) {
    yield `${palette.strong(group)}\n`
    for (const entry of merged(theirs)) yield* entryLines(entry, palette, style)
    yield '\n'
  }
  yield `${summaryLine(summary, palette)}\n`
}

const words: Readonly<Record<Outcome, string>> = {
  ok: 'ok',
  warning: 'warning',
  error: 'error',
  notChecked: '-',
}
const column = 'warning'.length
const indent = ' '.repeat(2 + column + 2)

/** Results that say the same: several only where they are not checked for one reason. */
interface Entry extends Pick<Result, 'verdict' | 'remedy'> {
  readonly codes: readonly string[]
}

/** Who may not read one thing wants to be told so once. */
const merged = (results: readonly Result[]): readonly Entry[] => {
  const entries: Entry[] = []
  for (const { code, verdict, remedy } of results) {
    const last = entries.at(-1)
    if (last !== undefined && reasonOf(verdict) !== undefined && reasonOf(verdict) === reasonOf(last.verdict))
      entries[entries.length - 1] = { ...last, codes: [...last.codes, code] }
    else entries.push({ codes: [code], verdict, remedy })
  }
  return entries
}

const reasonOf = (verdict: Verdict): string | undefined =>
  'notChecked' in verdict ? verdict.notChecked : undefined

/** Of one check; a tenant can make hundreds. */
const mostProblems = 10

function* entryLines({ codes, verdict, remedy }: Entry, palette: Palette, style: Style): Generator<string> {
  const line = (outcome: Outcome, text: string) =>
    lines(outcome, `${codes.join(', ')}: ${text}`, palette, style)
  if ('ok' in verdict) yield* line('ok', verdict.ok)
  else if ('notChecked' in verdict) yield* line(outcomeOf(verdict), `not checked: ${verdict.notChecked}`)
  else {
    for (const { severity, message, resource } of verdict.problems.slice(0, mostProblems)) {
      const name = resource === undefined || isNamed(message, resource) ? '' : ` (${resourceName(resource)})`
      yield* line(severity, `${message}${name}`)
    }
    const more = verdict.problems.length - mostProblems
    if (more > 0) yield `${indent}and ${more} more, which -o json has\n`
    for (const [index, text] of fit(remedy, style).entries())
      yield `${indent}${palette.faint(`${index === 0 ? '→' : ' '} ${text}`)}\n`
  }
}

/** Whether the message says already what it is about. */
const isNamed = (
  message: string,
  { namespace, name }: { readonly namespace?: string; readonly name: string },
): boolean => message.includes(namespace === undefined ? name : `${namespace}/${name}`)

function* lines(outcome: Outcome, text: string, palette: Palette, style: Style): Generator<string> {
  const paint = paintOf(outcome, palette)
  for (const [index, piece] of wrapped(text.split(' '), style.width - indent.length).entries()) {
    const lead = index === 0 ? `  ${paint(words[outcome].padEnd(column))}  ` : indent
    yield `${lead}${escapeTerminal(piece)}\n`
  }
}

const fit = (text: string, style: Style): readonly string[] =>
  wrapped(text.split(' '), style.width - indent.length - 2).map(line => escapeTerminal(line))

const paintOf = (outcome: Outcome, palette: Palette): Paint => {
  if (outcome === 'ok') return palette.add
  return outcome === 'notChecked' ? palette.faint : palette[outcome]
}

/** `38 checks: 1 error, 2 warnings, 3 not checked`, `38 checks: 34 ok, 3 not checked`, or `38 checks: ok`. */
const summaryLine = ({ ok, errors, warnings, notChecked }: Summary, palette: Palette): string => {
  const parts = [
    ...(errors === 0 ? [] : [palette.error(counted(errors, 'error'))]),
    ...(warnings === 0 ? [] : [palette.warning(counted(warnings, 'warning'))]),
    ...(errors + warnings === 0 ? [palette.add(notChecked === 0 ? 'ok' : `${ok} ok`)] : []),
    ...(notChecked === 0 ? [] : [`${notChecked} not checked`]),
  ]
  return `${counted(ok + errors + warnings + notChecked, 'check')}: ${parts.join(', ')}`
}
