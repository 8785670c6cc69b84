import type { IdentityRule } from './index.ts'

/** Whether another cluster stands in for this one must be known before gateways' addresses change. */
export const claimRead: IdentityRule = (_, { home }) => {
  if (home.state === 'unsure')
    return {
      code: 'ClaimUnknown',
      severity: 'warning',
      effect: 'note',
      message: `whether another cluster stands in for this one cannot be read: ${home.why}; the addresses of gateways stay as they are`,
      hint: "check the name servers of this cluster's zone: nameservers in the DNSConfiguration",
      path: ['spec', 'standIns'],
      incomplete: true,
    }
  if (home.state === 'free' && home.ignored !== undefined)
    return {
      code: 'ClaimIgnored',
      severity: 'warning',
      effect: 'note',
      message: `${home.ignored.holder} claims to stand in for this cluster, and is not among standIns; its claim is ignored`,
      hint: `add ${home.ignored.holder} to standIns if it may, or end it there: srouter failover end`,
      path: ['spec', 'standIns'],
    }
  return undefined
}

/** Having yielded is a state, and nothing to be mended. */
export const yielded: IdentityRule = (_, { home }) =>
  home.state !== 'yielded'
    ? undefined
    : {
        code: 'Yielded',
        severity: 'warning',
        effect: 'note',
        message: `${home.holder} stands in for this cluster, with epoch ${home.epoch}${home.remembered === undefined ? '' : ` (as remembered: ${home.remembered})`}`,
        hint: `it ends with "srouter failover end" in ${home.holder}, or with "srouter failover reclaim" here where that is gone`,
        path: ['spec', 'standIns'],
      }
