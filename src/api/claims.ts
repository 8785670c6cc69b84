import type { IdentityParts } from './names.ts'

/**
 * The names of failover. A claim is a CNAME, because ExternalDNS keeps no ownership for TXT records: it creates one and
 * never updates it.
 */

type Cluster = Pick<IdentityParts, 'cluster' | 'region'>

/** What a claim says: who stands in for a cluster, or that nobody does any more. */
export interface Claim {
  readonly state: 'held' | 'released'
  /** Counts up with every claim on one cluster, whoever makes it. */
  readonly epoch: number
  /** `{cluster}-{region}` of the cluster that wrote it. */
  readonly holder: string
}

/** The greatest epoch; a claim with a greater one is none. Nobody counts so far, and the names stay short enough. */
export const maxEpoch = 9_999_999

/** `{cluster}-{region}` */
export const clusterNameOf = ({ cluster, region }: Cluster): string => `${cluster}-${region}`

/** `srouter-claim-{cluster}-{region}.{domain}` */
export const claimName = (peer: string, domain: string): string => `srouter-claim-${peer}.${domain}`

/** `own-{cluster}-{region}-{postfix}.{domain}`: a cluster's own addresses, for which nobody ever stands in. */
export const ownName = (peer: string, postfix: string, domain: string): string =>
  `own-${peer}-${postfix}.${domain}`

/** `held-e{epoch}.{holder}.srouter-claim.{domain}` */
export const claimTarget = ({ state, epoch, holder }: Claim, domain: string): string =>
  `${state}-e${epoch}.${holder}.srouter-claim.${domain}`

/**
 * | target                                                | answer             |
 * | ----------------------------------------------------- | ------------------ |
 * | held-e3.aks01-neu.srouter-claim.aks.example.com       | held, 3, aks01-neu |
 * | released-e4.aks01-weu.srouter-claim.aks.example.com.  | released, 4, …     |
 * | held-e3.aks01-neu.srouter-claim.other.example.com     | (none)             |
 */
export const parseClaim = (target: string, domain: string): Claim | undefined => {
  const match = /^(held|released)-e([0-9]{1,7})\.([a-z0-9-]+)\.srouter-claim\.(.+?)\.?$/.exec(
    target.toLowerCase(),
  )
  const [, state, epoch = '', holder = '', of] = match ?? []
  if ((state !== 'held' && state !== 'released') || of !== domain) return undefined
  return { state, epoch: Number(epoch), holder }
}

/**
 * Which of two claims on one cluster counts: the greater epoch; of one epoch a release, which ends it, and else that of
 * the lesser name. Positive where `a` does.
 */
export const compareClaims = (a: Claim, b: Claim): number => {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch
  if (a.state !== b.state) return a.state === 'released' ? 1 : -1
  return a.holder === b.holder ? 0 : a.holder < b.holder ? 1 : -1
}
