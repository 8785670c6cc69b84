import { describe, expect, test } from 'bun:test'
import { ServiceRoute } from '../../src/api/kinds.ts'
import { errorOf } from '../../src/kube/error.ts'
import { unanswered } from '../../src/kube/network-error.ts'
import type { KubeRequest } from '../../src/kube/request.ts'
import { targetOf } from './support/target.ts'

const request: KubeRequest = {
  verb: 'patch',
  on: { kind: ServiceRoute, namespace: 'app1', name: 'api', subresource: 'status' },
}
const what = 'serviceroutes.routing.router.io/status "api" in namespace "app1"'

describe('a refusal', () => {
  test('of a permission names what is missing', () => {
    const words = 'User "jo" cannot patch resource "serviceroutes/status" in API group "routing.router.io"'
    const error = errorOf(request, 403, { message: words, reason: 'Forbidden' })
    expect(error.message).toBe(`not allowed to patch ${what}: ${words}`)
    expect(error.hint).toBe(
      'The user needs a Role or ClusterRole with the verb "patch" on "serviceroutes/status" in the API group ' +
        '"routing.router.io". Check with: kubectl auth can-i patch serviceroutes.routing.router.io --subresource=status -n app1',
    )
  })

  test('by a webhook or a quota is no matter of permissions', () => {
    const words = 'admission webhook "policy.example.com" denied the request: not on Fridays'
    const error = errorOf(request, 403, { message: words, reason: 'Forbidden' })
    expect(error.message).toBe(`cannot patch ${what}: ${words}`)
    expect(error.hint).toBeUndefined()
  })

  test('has its reason and details, and the time to wait from either place', () => {
    const details = { retryAfterSeconds: 3, causes: [{ field: 'spec.ttl' }] }
    const error = errorOf(request, 429, { message: 'later', reason: 'TooManyRequests', details })
    expect([error.status, error.reason, error.retryAfterMs]).toEqual([429, 'TooManyRequests', 3000])
    expect(error.details).toEqual(details)
    expect(errorOf(request, 429, { details }, 5000).retryAfterMs).toBe(5000)
  })
})

describe('no answer', () => {
  const target = targetOf({ url: 'https://api.example.com:6443', ca: '' })
  const words = (code: string, said = 'what fetch says') => {
    const thrown = Object.assign(new TypeError(said), { code })
    const error = unanswered(
      { target, request, proxy: undefined, ca: 'PEM', credential: {}, timeoutMs: 30_000 },
      thrown,
    )
    expect([error.status, error.exit]).toEqual([0, 6])
    return `${error.reason}: ${error.message}`
  }
  const server = 'https://api.example.com:6443'
  test.each([
    ['ENOTFOUND', `NotFound: ${server} cannot be reached: its name is not known to DNS`],
    ['EAI_AGAIN', `NotFound: ${server} cannot be reached: its name is not known to DNS`],
    ['ECONNREFUSED', `Refused: ${server} cannot be reached: nothing listens there`],
    ['EHOSTUNREACH', `NoConnection: ${server} cannot be reached: there is no route to it`],
    ['ECONNRESET', `Broken: ${server} closed the connection before its answer was complete`],
    ['CERT_NOT_YET_VALID', `NotTrusted: ${server} is not trusted: its certificate is not valid yet`],
    ['CERT_REVOKED', `NotTrusted: ${server} is not trusted: what fetch says (CERT_REVOKED)`],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      `NotTrusted: ${server} is not trusted: its certificate is not for "api.example.com"`,
    ],
    ['ENEW', `Broken: the request to ${server} failed: what fetch says`],
  ])('%s', (code, expected) => {
    expect(words(code)).toBe(expected)
  })
})
