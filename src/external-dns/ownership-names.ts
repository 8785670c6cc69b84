import type { Settings } from './settings.ts'

/**
 * The TXT records in which an instance looks for who owns a record; the first that is there counts (registry/mapper of
 * ExternalDNS, which has its affixes in small letters). Up to v0.11 they were written without a type.
 *
 * | prefix           | suffix | A web.example.com                           |
 * | ---------------- | ------ | ------------------------------------------- |
 * | sr-              |        | sr-a-web.example.com, sr-web.example.com    |
 * | %{record_type}-x |        | a-xweb.example.com, -xweb.example.com       |
 * |                  | -sr    | a-web-sr.example.com, web-sr.example.com    |
 */
export const ownershipNames = (
  { txtPrefix, txtSuffix }: Pick<Settings, 'txtPrefix' | 'txtSuffix'>,
  recordType: string,
  name: string,
): readonly string[] => {
  const type = recordType.toLowerCase()
  const isPlaced = [txtPrefix, txtSuffix].some(affix => affix.includes(placeholder))
  const [first = '', ...rest] = name.split('.')
  const labelled = (label: string, placed: string): string => {
    const [prefix = '', suffix = ''] = [txtPrefix, txtSuffix].map(affix =>
      affix.replaceAll(placeholder, placed).toLowerCase(),
    )
    return [`${prefix}${label}${suffix}`, ...rest].join('.')
  }
  const typed = labelled(isPlaced ? first : `${type}-${first}`, type)
  return recordType === 'AAAA' ? [typed] : [typed, labelled(first, '')]
}

const placeholder = '%{record_type}'
