import { X509Certificate } from 'node:crypto'
import type { Credential } from './credential.ts'
import { KubeError, type KubeStatus } from './error.ts'
import { isRecord } from './kubeconfig.ts'
import type { KubeRequest } from './request.ts'
import type { KubeTarget } from './target.ts'

/** A 401. The API server says only "Unauthorized", so what can be seen of the credential from here is added. */
export const unauthorized = (
  request: KubeRequest,
  target: KubeTarget,
  credential: Credential,
  said: KubeStatus,
  now: number,
): KubeError => {
  const expired = expiryOf(credential, now)
  return new KubeError({
    status: 401,
    reason: said.reason ?? 'Unauthorized',
    request,
    message:
      `${target.server} does not accept the credentials of ${target.origin}: ` +
      (expired ?? said.message ?? 'Unauthorized'),
    hint: hintFor(target),
    details: said.details,
  })
}

const expiryOf = ({ cert, authorization }: Credential, now: number): string | undefined => {
  const token = authorization === undefined ? undefined : tokenExpiry(authorization)
  if (token !== undefined && token <= now) return `the token expired at ${new Date(token).toISOString()}`
  const certificate = cert === undefined ? undefined : certificateExpiry(cert)
  if (certificate !== undefined && certificate <= now)
    return `the client certificate expired at ${new Date(certificate).toISOString()}`
  return undefined
}

/** `exp` of a JWT; other tokens tell nothing. */
const tokenExpiry = (authorization: string): number | undefined => {
  try {
    const payload = authorization.replace(/^Bearer /, '').split('.')[1] ?? ''
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    return isRecord(claims) && typeof claims.exp === 'number' ? claims.exp * 1000 : undefined
  } catch {
    return undefined
  }
}

const certificateExpiry = (cert: string): number | undefined => {
  try {
    return new X509Certificate(cert).validToDate.getTime()
  } catch {
    return undefined
  }
}

const hintFor = ({ user, origin }: KubeTarget): string => {
  if (user.tokenFile !== undefined) return `The token comes from ${user.tokenFile}: is it being renewed?`
  if (user.token !== undefined) return `Put a new token into the kubeconfig (${origin}).`
  if (user.exec !== undefined)
    return `The credentials come from "${user.exec.command}": log in again (az login, aws sso login …).`
  if (user.cert !== undefined) return `Fetch the kubeconfig again (${origin}).`
  return `The user "${user.name}" has neither certificate nor token nor exec plugin (${origin}).`
}
