import type { Finding } from '../engine/finding.ts'
import type { Gateways } from './gateways.ts'
import type { Merged } from './merged.ts'
import type { Reason } from './original.ts'
import { notExactly, type Proven } from './proof.ts'
import { proposedKey } from './proposal.ts'
import type { RouteProposal } from './routes.ts'
import { type Host, leave, type Sorted } from './sorted.ts'

interface Attempt {
  readonly gateways: Gateways
  readonly routes: readonly RouteProposal[]
  readonly proven: Proven
}

/** What could be derived, and is not: its gateway is unknown, or the engine came to something else. */
export const unproven = (
  { hosts, targets }: Pick<Sorted, 'hosts' | 'targets'>,
  attempt: Attempt,
  isReproduced: (record: Merged) => boolean,
): readonly Finding[] => {
  const routes = new Map(attempt.routes.map(route => [route.host.host, route]))
  const missing = (records: readonly Merged[], reason: Reason | undefined): readonly Finding[] =>
    records.flatMap(record => {
      if (isReproduced(record)) return []
      const made = attempt.proven.after.get(record.key)
      const otherwise = made === undefined ? notReproduced : notExactly(made, record)
      return leave([record], reason ?? otherwise)
    })
  return [
    ...hosts.flatMap(host => missing(host.records, reasonOfHost(host, routes.get(host.host), attempt))),
    ...targets.flatMap(({ postfix, records }) => missing(records, reasonOfGateway(postfix, attempt))),
  ]
}

const reasonOfHost = (
  { postfix }: Host,
  route: RouteProposal | undefined,
  attempt: Attempt,
): Reason | undefined => {
  const { dropped } = attempt.proven
  // A route that has lost its Gateway has that one's reason.
  const own =
    route === undefined ? undefined : (dropped.get(route.gateway) ?? dropped.get(proposedKey(route.proposed)))
  return own ?? reasonOfGateway(postfix, attempt)
}

const reasonOfGateway = (postfix: string, { gateways, proven }: Attempt): Reason | undefined => {
  const bundle = gateways.bundles.get(postfix)
  if (bundle === undefined) return undefined
  if ('reason' in bundle) return bundle.reason
  const [first] = bundle.proposals.flatMap(({ proposed }) => proven.dropped.get(proposedKey(proposed)) ?? [])
  return first
}

const notReproduced: Reason = {
  code: 'NotReproduced',
  message: 'the resources that there are and those that were proposed do not make it',
  hint: 'keep its DNSEndpoint; "srouter plan" shows what they make',
}
