import { type KubeObject, refOf } from '../api/object.ts'
import { serversOf } from '../engine/current.ts'
import type { Finding } from '../engine/finding.ts'
import type { Plan } from '../engine/plan.ts'
import {
  bareHost,
  handMadeGateways,
  type Ingress,
  ingressKey,
  ingressOf,
  isIstioGateway,
  serverProblem,
} from './ingress.ts'

export interface Served {
  /** Istio Gateways of which srouter's serve all. */
  readonly replaced: readonly KubeObject[]
  readonly findings: readonly Finding[]
}

/** Which Istio Gateways that were made by hand serve nothing that srouter's do not serve in the same way. */
export const servedInstead = (current: readonly KubeObject[], plan: Plan): Served => {
  const served = new Set<string>()
  for (const { after } of plan.objects)
    if (after !== undefined && isIstioGateway(after))
      for (const { ingress, host } of serves(after)) served.add(servingKey(ingress, host))
  const replaced: KubeObject[] = []
  const findings: Finding[] = []
  for (const object of handMadeGateways(current)) {
    const problem = problemOf(object, served)
    if (problem === undefined) replaced.push(object)
    else findings.push(kept(object, problem))
  }
  return { replaced, findings }
}

const servingKey = (ingress: Ingress, host: string): string => `${ingressKey(ingress)} ${host}`

const serves = (object: KubeObject): readonly { readonly ingress: Ingress; readonly host: string }[] =>
  serversOf(object).flatMap(server => {
    const ingress = ingressOf(server, object)
    return ingress === undefined ? [] : (server.hosts ?? []).map(host => ({ ingress, host: bareHost(host) }))
  })

const problemOf = (object: KubeObject, served: ReadonlySet<string>): string | undefined => {
  const servers = serversOf(object)
  if (servers.length === 0) return 'has no server'
  for (const server of servers) {
    const problem = serverProblem(server, object)
    if (problem !== undefined) return problem
  }
  const missing = serves(object).filter(({ ingress, host }) => !served.has(servingKey(ingress, host)))
  const [first] = missing
  if (first === undefined) return undefined
  const others = missing.length === 1 ? '' : ` and ${missing.length - 1} more`
  return `serves ${first.host}${others}, which srouter would not serve with ${first.ingress.credentialName}`
}

const kept = (object: KubeObject, problem: string): Finding => ({
  code: 'IstioGatewayKept',
  severity: 'warning',
  message: `it ${problem}`,
  hint: 'keep it, or what of it is still needed',
  resource: refOf(object),
  subject: object,
})
