import type { Chain } from '../../../why/chain.ts'
import type { Link } from '../../../why/link.ts'
import { escapeTerminal } from '../escape.ts'
import { paragraph } from '../layout.ts'
import { type Palette, paletteOf, type Style } from '../style.ts'

/**
 * ```
 * web-ns-p-prod-shop.aks.example.com
 *
 *   ok      ServiceRoute shop/web asks for web-ns-p-prod-shop.aks.example.com
 *
 * zone weu
 *   broken  [DNSNotReady] no ExternalDNS has read DNSEndpoint shop/web-external-dns-weu
 *           hint: wait for its next cycle
 *
 * Broken at read in zone weu: DNSNotReady
 * ```
 */
export function* whyText(chain: Chain, style: Style): Generator<string> {
  const palette = paletteOf(style)
  const { subject, links } = chain
  const name = subject.name ?? (subject.kind === 'none' ? subject.text : '')
  yield `${palette.strong(escapeTerminal(name))}\n\n`
  for (const [index, link] of links.entries()) {
    if (link.zone !== undefined && link.zone !== links[index - 1]?.zone)
      yield `\n${palette.strong(escapeTerminal(`zone ${link.zone}`))}\n`
    yield* linkLines(link, palette, style.width)
  }
  yield '\n'
  for (const line of paragraph(verdictOf(chain), '', style.width)) yield `${palette.strong(line)}\n`
}

const column = 10

function* linkLines(
  { state, reason, message, hint }: Link,
  palette: Palette,
  width: number,
): Generator<string> {
  const paint = { ok: palette.add, note: palette.change, unknown: palette.warning, broken: palette.error }[
    state
  ]
  const code = reason === undefined || state === 'ok' ? '' : `[${reason}] `
  const indent = ' '.repeat(column)
  const [first = '', ...others] = paragraph(`${code}${message}`, indent, width)
  yield `  ${paint(state)}${' '.repeat(column - 2 - state.length)}${first.slice(column)}\n`
  for (const line of others) yield `${line}\n`
  if (hint !== undefined)
    for (const line of paragraph(`hint: ${hint}`, indent, width)) yield `${palette.faint(line)}\n`
}

const verdictOf = ({ broken, links }: Chain): string => {
  if (broken !== undefined) {
    const where = broken.zone === undefined ? broken.link : `${broken.link} in zone ${broken.zone}`
    return `Broken at ${where}${broken.reason === undefined ? '' : `: ${broken.reason}`}`
  }
  if (links.some(({ reason }) => reason === 'DNSPolicyInactive'))
    return 'Not broken: another cluster writes it (DNSPolicyInactive)'
  if (links.some(({ reason }) => reason === 'NotEngaged'))
    return "Not broken: the name is another cluster's (NotEngaged)"
  const unread = [...new Set(links.flatMap(({ state, zone }) => (state === 'unknown' ? (zone ?? []) : [])))]
  return unread.length === 0
    ? 'Whole: every zone answers as it should'
    : `Not broken, as far as it can be read: zone ${unread.join(', ')} was not`
}
