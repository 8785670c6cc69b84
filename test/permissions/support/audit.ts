import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Permission, permissionOf } from './permission.ts'

/** What the API server has seen service accounts do. */
export interface Audit {
  readonly arguments: readonly string[]
  /** In the order in which they were answered. */
  readonly uses: (serviceAccount: string) => readonly Use[]
}

export interface Use {
  /** Undefined where it was about no resource; then there is a path. */
  readonly permission: Permission | undefined
  readonly path: string
  readonly code: number
}

interface AuditEvent {
  readonly verb: string
  readonly requestURI: string
  readonly user: { readonly username: string }
  readonly objectRef?: {
    readonly resource: string
    readonly apiGroup?: string
    readonly subresource?: string
    readonly name?: string
  }
  readonly responseStatus?: { readonly code?: number }
}

const policy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  // A watch is worth a line when it begins.
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', userGroups: ['system:serviceaccounts'] }, { level: 'None' }],
}

export const newAudit = (): Audit => {
  const folder = mkdtempSync(join(tmpdir(), 'srouter-permissions-'))
  const policyFile = join(folder, 'policy.json')
  const log = join(folder, 'audit.log')
  writeFileSync(policyFile, JSON.stringify(policy))
  writeFileSync(log, '')
  return {
    arguments: [
      `--audit-policy-file=${policyFile}`,
      `--audit-log-path=${log}`,
      // Written before the answer is.
      '--audit-log-mode=blocking',
      '--audit-log-maxsize=1000',
    ],
    uses: serviceAccount => {
      const username = `"username":"system:serviceaccount:${serviceAccount.replace('/', ':')}"`
      const lines = readFileSync(log, 'utf8').split('\n')
      // The last line may be half of one.
      return lines
        .slice(0, -1)
        .filter(line => line.includes(username))
        .map(line => useOf(JSON.parse(line) as AuditEvent))
    },
  }
}

const useOf = ({ verb, requestURI, objectRef, responseStatus }: AuditEvent): Use => {
  const { resource, apiGroup, subresource, name } = objectRef ?? {}
  // RBAC can tie every verb to a name but `create`.
  const named = resource === 'leases' && verb !== 'create' ? name : undefined
  return {
    permission:
      resource === undefined ? undefined : permissionOf(verb, apiGroup ?? '', resource, subresource, named),
    path: requestURI,
    code: responseStatus?.code ?? 0,
  }
}
