import { dnsNameProblem, ownershipName } from '../../../api/names.ts'
import type { RouteRule } from './index.ts'

/** The host must be a DNS name, and so must the TXT record in which ExternalDNS keeps its owner. */
export const legalNames: RouteRule = ({ host, resource }, world) => {
  if (host === undefined || resource.spec === undefined) return undefined
  const hint = `shorten or change serviceName, environment or application; they make up the host's first label`
  const problem = dnsNameProblem(host)
  if (problem !== undefined) return illegal(`the host ${host} is no legal DNS name: ${problem}`, hint)
  for (const prefix of world.txtPrefixes.route) {
    const ownership = ownershipName(prefix, 'CNAME', host)
    const trouble = dnsNameProblem(ownership)
    if (trouble !== undefined)
      return illegal(
        `ExternalDNS could not write the ownership record ${ownership} of the host ${host}: ${trouble}`,
        `${hint}; the prefix ${prefix}cname- counts as well`,
      )
  }
  return undefined
}

const illegal = (message: string, hint: string) =>
  ({
    code: 'InvalidSpec',
    severity: 'error',
    effect: 'error',
    message,
    hint,
    path: ['spec', 'serviceName'],
  }) as const
