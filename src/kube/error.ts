import { exitCode, UserError } from '../lib/errors.ts'
import { type KubeRequest, type Resource, resourceName, type Verb, wordsOf } from './request.ts'

/** meta/v1 Status: what the API server answers when it does not do what was asked. */
export interface KubeStatus {
  readonly kind?: string
  readonly status?: string
  readonly message?: string
  readonly reason?: string
  readonly code?: number
  readonly details?: StatusDetails
}

export interface StatusDetails {
  readonly name?: string
  readonly group?: string
  readonly kind?: string
  readonly causes?: readonly {
    readonly reason?: string
    readonly message?: string
    readonly field?: string
  }[]
  readonly retryAfterSeconds?: number
}

interface Trouble {
  /** The HTTP status, 0 where no answer came. */
  readonly status: number
  /** The API server's reason ("NotFound", "Conflict" …); without an answer, ours (see network-error.ts). */
  readonly reason: string
  readonly message: string
  readonly hint?: string | undefined
  readonly request: KubeRequest
  readonly details?: StatusDetails | undefined
  readonly retryAfterMs?: number | undefined
}

/** The cluster did not do what was asked: it said so (`status`), or nothing came back (`status` 0). */
export class KubeError extends UserError {
  readonly status: number
  readonly reason: string
  readonly verb: Verb
  readonly on: KubeRequest['on']
  readonly details: StatusDetails | undefined
  readonly retryAfterMs: number | undefined
  /**
   * Attempts made before this one, any of which may have reached the server unnoticed: after a repeated create,
   * "AlreadyExists" can mean our own object.
   */
  repeats = 0

  constructor(trouble: Trouble) {
    super(exitCode.unreachable, trouble.message, trouble.hint)
    this.name = 'KubeError'
    this.status = trouble.status
    this.reason = trouble.reason
    this.verb = trouble.request.verb
    this.on = trouble.request.on
    this.details = trouble.details
    this.retryAfterMs = trouble.retryAfterMs
  }
}

export const isKubeError = (thrown: unknown): thrown is KubeError => thrown instanceof KubeError

const has =
  (status: number, reason?: string) =>
  (thrown: unknown): thrown is KubeError =>
    isKubeError(thrown) && thrown.status === status && (reason === undefined || thrown.reason === reason)

export const isNotFound = has(404)
export const isAlreadyExists = has(409, 'AlreadyExists')
/** Someone else was faster, a precondition does not hold, or (server-side apply) a field has another owner. */
export const isConflict = has(409, 'Conflict')
/** The resourceVersion or continue token is older than what the server keeps. */
export const isGone = has(410)
export const isForbidden = has(403)
export const isUnauthorized = has(401)
export const isInvalid = has(422)
/** No answer: not reachable, not trusted, or too slow. */
export const isUnanswered = has(0)

/** An answer other than 2xx as an error, in the API server's own words. */
export const errorOf = (
  request: KubeRequest,
  status: number,
  said: KubeStatus,
  retryAfterMs?: number,
): KubeError => {
  const words = said.message ?? `the API server answered ${status}`
  const base = {
    status,
    reason: said.reason ?? '',
    request,
    details: said.details,
    retryAfterMs: retryAfterMs ?? secondsToMs(said.details?.retryAfterSeconds),
  }
  if (status === 403 && 'kind' in request.on && deniedByRbac.test(words))
    return new KubeError({
      ...base,
      message: `not allowed to ${request.verb} ${wordsOf(request.on)}: ${words}`,
      hint: permissionHint(request.verb, request.on),
    })
  return new KubeError({ ...base, message: `cannot ${request.verb} ${wordsOf(request.on)}: ${words}` })
}

/** Webhooks and quotas answer 403 as well, and a permission would not help there. */
const deniedByRbac = /\bcannot \w+ resource\b/

const permissionHint = (verb: Verb, on: Resource): string => {
  const flags = [
    ...(on.subresource === undefined ? [] : [`--subresource=${on.subresource}`]),
    ...(on.kind.namespaced ? [on.namespace === undefined ? '--all-namespaces' : `-n ${on.namespace}`] : []),
  ]
  const check = ['kubectl auth can-i', verb, resourceName(on.kind), ...flags].join(' ')
  const resource = on.kind.plural + (on.subresource === undefined ? '' : `/${on.subresource}`)
  const role = on.kind.namespaced && on.namespace !== undefined ? 'Role or ClusterRole' : 'ClusterRole'
  return (
    `The user needs a ${role} with the verb "${verb}" on "${resource}" in the API group "${on.kind.group}". ` +
    `Check with: ${check}`
  )
}

const secondsToMs = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000
