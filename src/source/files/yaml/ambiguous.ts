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
  if (numbers.test(text) && !/^[-+]?0+$/.test(text)) return 'a number in YAML 1.1'
  return undefined
}

/** Whether the scalar is worth a closer look; true of few, and cheap. */
export const maybeAmbiguous = (text: string, start: number, end: number): boolean => {
  const c = text.charCodeAt(start)
  // 0-9 + -
  if ((c >= 48 && c <= 57) || c === 43 || c === 45) return end - start > 1
  // y n o, in either case
  const lower = c | 32
  return end - start <= 3 && (lower === 121 || lower === 110 || lower === 111)
}
