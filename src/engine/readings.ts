/** What the zone of a route's DNSEndpoint was last seen to answer, and which version of the DNSEndpoint that was compared with. */
export interface Reading {
  readonly uid: string | undefined
  readonly generation: number | undefined
  /** `silent`: its server has never answered. One that has, and says nothing now, is as it was. */
  readonly state: 'published' | 'differs' | 'silent'
  /** The CNAME that is there instead; undefined where there is none. */
  readonly answer: string | undefined
}

/** By `namespace/name` of the DNSEndpoint. What is not in it nobody has asked for yet. */
export type Readings = ReadonlyMap<string, Reading>
