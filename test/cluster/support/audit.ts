import { existsSync, readFileSync } from 'node:fs'
import { auditLog } from './plane.ts'

interface AuditEvent {
  readonly verb: string
  readonly objectRef?: { readonly resource: string; readonly name?: string; readonly namespace?: string }
  readonly responseStatus?: { readonly code: number }
  readonly userAgent?: string
  readonly requestReceivedTimestamp: string
  readonly stageTimestamp: string
}

export interface Write {
  /** `patch dnsendpoints app/api-external-dns-weu` */
  readonly what: string
  /** When the API server got the request, and when it had answered it. Microseconds are in them, so they sort. */
  readonly began: string
  readonly ended: string
}

/** What srouter wrote of derived objects since `mark`, with success, in the order in which the API server did it. */
export const writesSince = (mark: number): readonly Write[] =>
  lines()
    .slice(mark)
    .map(line => JSON.parse(line) as AuditEvent)
    .filter(
      ({ userAgent, responseStatus }) =>
        userAgent?.startsWith('srouter') && (responseStatus?.code ?? 500) < 300,
    )
    .map(({ verb, objectRef, requestReceivedTimestamp, stageTimestamp }) => ({
      what: `${verb} ${objectRef?.resource} ${objectRef?.namespace}/${objectRef?.name}`,
      began: requestReceivedTimestamp,
      ended: stageTimestamp,
    }))
    .sort((a, b) => (a.began < b.began ? -1 : 1))

/** Where the log ends now. */
export const auditMark = (): number => lines().length

const lines = (): readonly string[] =>
  existsSync(auditLog) ? readFileSync(auditLog, 'utf8').split('\n').filter(Boolean) : []
