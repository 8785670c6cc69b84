import { isUtf8 } from 'node:buffer'

export type Decoded =
  | { readonly text: string }
  | { readonly text: string; readonly problem: string; readonly hint: string; readonly at: number }

/** Control characters that neither YAML nor JSON allows; tabs and line ends are allowed. */
const controlCharacter = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/

/**
 * The text of a file, without byte order mark, and with every line end holding a "\n". Where it is no text, what
 * is wrong, and where in as much of the text as there is.
 */
export const decode = (source: Uint8Array | string): Decoded => {
  if (typeof source === 'string') return checked(source)
  const encoding = utf16(source)
  if (encoding !== undefined) return checked(new TextDecoder(encoding).decode(source))
  if (isUtf8(source)) return checked(new TextDecoder().decode(source))
  const at = legalPrefix(source)
  const text = new TextDecoder().decode(source.subarray(0, at))
  const hex = (source[at] ?? 0).toString(16).padStart(2, '0')
  return {
    text,
    problem: `the byte 0x${hex} is no UTF-8`,
    hint: 'Save the file as UTF-8.',
    at: text.length,
  }
}

const checked = (raw: string): Decoded => {
  const unmarked = raw.charCodeAt(0) === 0xfeff ? raw.slice(1) : raw
  // A lone carriage return ends a line as well; replaced by one character it moves no offset.
  const text = unmarked.includes('\r') ? unmarked.replace(/\r(?!\n)/g, '\n') : unmarked
  const at = text.search(controlCharacter)
  if (at < 0) return { text }
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
  return {
    text,
    problem: `the control character U+${code} is not allowed`,
    hint: 'Remove it, or write it as an escape in double quotes.',
    at,
  }
}

/** PowerShell's redirection writes UTF-16. */
const utf16 = (bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

/** How many bytes at the start are UTF-8. */
const legalPrefix = (bytes: Uint8Array): number => {
  let low = 0
  let high = bytes.length
  while (high - low > 8) {
    const middle = (low + high) >> 1
    // A cut within a character is no mistake: up to three more bytes may complete it.
    if ([0, 1, 2, 3].some(more => isUtf8(bytes.subarray(0, middle + more)))) low = middle
    else high = middle
  }
  let at = Math.max(0, low - 4)
  while (at > 0 && !isUtf8(bytes.subarray(0, at))) at--
  for (let end = at + 1; end <= Math.min(bytes.length, at + 16); end++)
    if (isUtf8(bytes.subarray(0, end))) at = end
  return at
}
