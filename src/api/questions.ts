/** The record types that srouter asks for. */
export type QueryType = 'A' | 'AAAA' | 'CNAME'

/** What to ask the name servers of one region's zone. */
export interface Question {
  /** The region. */
  readonly zone: string
  readonly name: string
  readonly type: QueryType
}

export const queryTypes: readonly QueryType[] = ['A', 'AAAA', 'CNAME']

/** What answers are kept under. */
export const questionKey = ({ zone, name, type }: Question): string => `${zone} ${type} ${name}`
