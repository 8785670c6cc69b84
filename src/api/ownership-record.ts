/** What ExternalDNS writes into the TXT record beside a record that it manages (external-dns endpoint/labels.go). */
export interface OwnershipRecord {
  /** Its --txt-owner-id. */
  readonly owner: string
  /** Where the record comes from, such as `crd/{namespace}/{DNSEndpoint}`; undefined where it does not say. */
  readonly resource: string | undefined
}

/**
 * Undefined for a text that is none, as an encrypted one is.
 *
 * | text                                                                                     | answer                  |
 * | ---------------------------------------------------------------------------------------- | ----------------------- |
 * | "heritage=external-dns,external-dns/owner=weu,external-dns/resource=crd/app1/api-weu"    | weu, crd/app1/api-weu   |
 * | v=spf1 -all                                                                              | (none)                  |
 */
export const parseOwnership = (text: string): OwnershipRecord | undefined => {
  // Some providers keep the quotes.
  const parts = text.replace(/^"|"$/g, '').split(',')
  if (parts[0] !== 'heritage=external-dns') return undefined
  const fields = new Map(
    parts.slice(1).map(part => {
      const equals = part.indexOf('=')
      return [part.slice(0, Math.max(0, equals)), part.slice(equals + 1)] as const
    }),
  )
  const owner = fields.get('external-dns/owner')
  return owner === undefined ? undefined : { owner, resource: fields.get('external-dns/resource') }
}
