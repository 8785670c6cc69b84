/**
 * Plain scalars that kubectl's parser (sigs.k8s.io/yaml, YAML 1.1) turns into something else than YAML 1.2 does,
 * tried with kubectl 1.32:
 *
 * | scalar                          | kubectl         | here           |
 * | ------------------------------- | --------------- | -------------- |
 * | y Y yes Yes YES on On ON        | true            | the text       |
 * | n N no No NO off Off OFF        | false           | the text       |
 * | 010, -017                       | 8, -15 (octal)  | 10, -17        |
 * | 1_000, 0b11                     | 1000, 3         | the text       |
 * | 08, 0o17, yES, 12:30, 2020-01-01| the same as here                 |
 */
const switches = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/
const numbers = /^[-+]?(?:0[0-7_]+|0b[01_]+|0x[0-9a-fA-F_]*_[0-9a-fA-F_]*|[0-9][0-9_]*_[0-9_]*)$/

/** What kubectl reads the plain scalar `text` as, where that is not what is read here. */
export const readByKubectl = (text: string): string | undefined => {
  if (switches.test(text)) return /^(?:y|on)/i.test(text) ? 'true' : 'false'
  if (!numbers.test(text)) return undefined
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '')
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  if (Number.isNaN(value) || String(value) === text) return undefined
  return `the number ${text.startsWith('-') ? -value : value}`
}

/** What may begin such a scalar: a sign, a digit, or one of y n o in either case. */
const starts = new Uint8Array(128)
for (const char of '+-0123456789yYnNoO') starts[char.charCodeAt(0)] = 1

/**
 * The end of the scalar in `text[start, end)`, which blanks and a comment may follow, if kubectl reads it otherwise;
 * else -1. Of nearly all scalars the first character says that.
 */
export const ambiguousEnd = (text: string, start: number, end: number): number => {
  if (starts[text.charCodeAt(start)] !== 1) return -1
  const scalar = text.slice(start, end).replace(/[ \t]+(?:#.*)?$/, '')
  return readByKubectl(scalar) === undefined ? -1 : start + scalar.length
}
