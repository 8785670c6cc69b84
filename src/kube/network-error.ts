import { createPrivateKey, X509Certificate } from 'node:crypto'
import { messageOf } from '../lib/errors.ts'
import type { Credential } from './credential.ts'
import { KubeError } from './error.ts'
import { withoutPassword } from './proxy.ts'
import type { KubeRequest } from './request.ts'
import type { KubeTarget } from './target.ts'

/** What was tried, for the words. */
export interface Attempt {
  readonly target: KubeTarget
  readonly request: KubeRequest
  readonly proxy: string | undefined
  readonly ca: string | undefined
  readonly credential: Credential
  readonly timeoutMs: number
}

/** Reasons of an error without an answer. Of these only `NotTrusted` and `NotUsable` are no matter of time. */
export type Unanswered =
  | 'NotFound'
  | 'Refused'
  | 'NoConnection'
  | 'Timeout'
  | 'Broken'
  | 'NotTrusted'
  | 'NotUsable'
  | 'Proxy'

interface Words {
  readonly reason: Unanswered
  readonly message: string
  readonly hint?: string | undefined
}

/** Whatever fetch or the connection threw, in plain words: which server, what failed, what to do. */
export const unanswered = (attempt: Attempt, thrown: unknown): KubeError => {
  const { reason, message, hint } = wordsFor(attempt, codeOf(thrown), messageOf(thrown))
  return new KubeError({ status: 0, reason, message, hint, request: attempt.request })
}

const codeOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return ''
  if (thrown.name === 'TimeoutError') return 'TimeoutError'
  return 'code' in thrown ? String(thrown.code) : ''
}

const wordsFor = (attempt: Attempt, code: string, said: string): Words => {
  const { target, proxy, timeoutMs } = attempt
  const peer = proxy === undefined ? target.server : `the proxy ${withoutPassword(proxy)}`
  const check = `Is the cluster running, is a VPN needed, and is this the right server (${target.origin})?`
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return {
        reason: 'NotFound',
        message: `${peer} cannot be reached: its name is not known to DNS`,
        hint: check,
      }
    case 'ECONNREFUSED':
    case 'ConnectionRefused':
      return { reason: 'Refused', message: `${peer} cannot be reached: nothing listens there`, hint: check }
    case 'ETIMEDOUT':
      return { reason: 'NoConnection', message: `${peer} cannot be reached: ${said}`, hint: check }
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
      return {
        reason: 'NoConnection',
        message: `${peer} cannot be reached: there is no route to it`,
        hint: check,
      }
    case 'TimeoutError':
      return {
        reason: 'Timeout',
        message: `${target.server} gave no answer within ${timeoutMs / 1000} s`,
        hint: `The connection was made, so the API server is overloaded or something between drops the traffic (${target.origin}).`,
      }
    case 'ERR_PROXY_TUNNEL':
      return {
        reason: 'Proxy',
        message: `${peer} does not let ${target.server} through: ${said}`,
        hint: 'Proxies come from proxy-url of the kubeconfig, else from HTTPS_PROXY; NO_PROXY makes exceptions.',
      }
    case 'EPROTO':
      return {
        reason: 'NotTrusted',
        message: `${peer} does not speak TLS on this port, or refused the handshake`,
        hint: check,
      }
    default:
      return (
        trustWords(attempt, code, said) ?? materialWords(attempt, code) ?? brokenWords(target, code, said)
      )
  }
}

const trustWords = ({ target, ca }: Attempt, code: string, said: string): Words | undefined => {
  const authority = ca === undefined ? "the system's authorities" : 'certificate-authority of the kubeconfig'
  const because = (what: string, hint: string): Words => ({
    reason: 'NotTrusted',
    message: `${target.server} is not trusted: ${what}`,
    hint,
  })
  switch (code) {
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_SIGNATURE_FAILURE':
      return because(
        `its certificate is not signed by ${authority} (${code})`,
        `Was the cluster made anew? Then fetch its kubeconfig again (${target.origin}).`,
      )
    case 'CERT_HAS_EXPIRED':
      return because(
        'its certificate has expired',
        "Renew the API server's certificate, and check this machine's clock.",
      )
    case 'CERT_NOT_YET_VALID':
      return because('its certificate is not valid yet', "Check this machine's clock.")
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH': {
      const name = target.serverName ?? new URL(target.server).hostname
      return because(
        `its certificate is not for "${name}"`,
        'Use a name that is in the certificate as the server, or set tls-server-name to one in the kubeconfig.',
      )
    }
    default:
      return /^(CERT|CRL|UNABLE_TO|INVALID|PATH_LENGTH)_/.test(code)
        ? because(`${said} (${code})`, `Fetch the kubeconfig again (${target.origin}).`)
        : undefined
  }
}

/** Bun says FailedToOpenSocket for certificates and keys that cannot be parsed or do not belong together. */
const materialWords = ({ target, ca, credential }: Attempt, code: string): Words | undefined => {
  if (code !== 'FailedToOpenSocket') return undefined
  const what = materialTrouble(ca, credential)
  if (what === undefined) return undefined
  return { reason: 'NotUsable', message: `${target.origin}: ${what}`, hint: 'Fetch the kubeconfig again.' }
}

const materialTrouble = (ca: string | undefined, { cert, key }: Credential): string | undefined => {
  if (ca !== undefined && !parses(() => new X509Certificate(ca)))
    return 'the certificate authority is no PEM certificate'
  if (cert !== undefined && !parses(() => new X509Certificate(cert)))
    return 'the client certificate is no PEM certificate'
  if (key !== undefined && !parses(() => createPrivateKey(key))) return 'the client key is no PEM key'
  if (
    cert !== undefined &&
    key !== undefined &&
    !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  )
    return 'the client key does not belong to the client certificate'
  return undefined
}

const parses = (parse: () => unknown): boolean => {
  try {
    parse()
    return true
  } catch {
    return false
  }
}

const brokenWords = (target: KubeTarget, code: string, said: string): Words => ({
  reason: 'Broken',
  message:
    code === 'ECONNRESET'
      ? `${target.server} closed the connection before its answer was complete`
      : `the request to ${target.server} failed: ${said}`,
})
