import { escapeMarkdown } from './escape.ts'

/** A text of this length says nothing more by being longer, and must not fill a comment alone. */
const longest = 2_000

const cut = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest)}…`)

/** Text for a paragraph, a list item or a table cell. */
export const cell = (text: string): string => escapeMarkdown(cut(text))

/**
 * A name, address or place as code where that is safe as it stands, else as text. In code nothing has a meaning,
 * not even `:100:` in an IPv6 address, which GitHub would take for an emoji.
 */
export const inline = (text: string): string =>
  /^[\w.:/() ,*-]+$/.test(text) ? `\`${cut(text)}\`` : cell(text)
