/** The record types of addresses, and of a name for them. */
export type QueryType = 'A' | 'AAAA' | 'CNAME'

/** All that a name server can be asked for. */
export type RecordType = QueryType | 'TXT'

/** What to ask the name servers of one region's zone. */
export interface Question {
  /** The region. */
  readonly zone: string
  readonly name: string
  readonly type: RecordType
}

export const queryTypes: readonly QueryType[] = ['A', 'AAAA', 'CNAME']

/** What answers are kept under. */
export const questionKey = ({ zone, name, type }: Question): string => `${zone} ${type} ${name}`
