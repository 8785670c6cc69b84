import { UserError } from '../lib/errors.ts'
import { follow, unlessAborted } from './abortable.ts'
import { jsonOf, type Read, statusOf } from './answer.ts'
import { reacher, sessions } from './connections.ts'
import type { Credential } from './credential.ts'
import { credentialsFor } from './credentials.ts'
import { errorOf, isKubeError, type KubeError, type KubeStatus } from './error.ts'
import { limiter } from './limit.ts'
import { unanswered } from './network-error.ts'
import { proxyFor } from './proxy.ts'
import { type KubeRequest, methodOf, urlOf } from './request.ts'
import { repeatDelay, retryAfterMs } from './retry.ts'
import type { KubeTarget } from './target.ts'
import { realTiming, type Timing } from './timing.ts'
import { unauthorized } from './unauthorized.ts'

/** One API server as one user. Nothing is sent before the first request. */
export interface KubeClient {
  readonly target: KubeTarget
  readonly timing: Timing
  /** The answer's JSON. Repeated on 429, 5xx and broken connections; throws KubeError. */
  json<T>(request: KubeRequest): Promise<T>
  /**
   * The answer as soon as its head is there, the body still to come: for watches. One attempt. The signal of the request
   * ends the body too, and is to be one of its own.
   */
  open(request: KubeRequest): Promise<Response>
  /** Ends the idle connections. */
  close(): void
}

export interface ClientOptions {
  /** Requests in flight at the same time, 32 unless given. Open watches do not count. */
  readonly concurrency?: number
  readonly timing?: Timing
  /** For HTTPS_PROXY and NO_PROXY. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly userAgent?: string
  readonly connectTimeoutMs?: number
  /** For requests that do not say it themselves. */
  readonly timeoutMs?: number
  /** Told before a request is repeated: for logs and metrics. */
  readonly onRepeat?: (error: KubeError, delayMs: number) => void
}

/** What an attempt came to; only broken connections are thrown. */
type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly status: number
      readonly said: KubeStatus
      readonly retryAfterMs: number | undefined
    }

export const createClient = (target: KubeTarget, options: ClientOptions = {}): KubeClient => {
  const { connectTimeoutMs = 10_000, timeoutMs: defaultTimeoutMs = 30_000 } = options
  const timing = options.timing ?? realTiming
  const proxy = proxyFor(target.server, target.proxyUrl, options.env ?? process.env)
  const credentials = credentialsFor(target, timing)
  const limited = limiter(options.concurrency ?? 32)
  const connections = sessions(target, proxy)
  const reach = reacher(proxy ?? target.server, connectTimeoutMs)
  let known = false

  /** One attempt with one credential; `streaming` means that the time limit ends with the answer's head. */
  const attempt = async <T>(
    request: KubeRequest,
    credential: Credential,
    read: Read<T>,
    streaming: boolean,
  ): Promise<Answer<T>> => {
    const timeoutMs = request.timeoutMs ?? defaultTimeoutMs
    const { control, release } = follow(request.signal)
    let timer: Timer | undefined
    let ca: string | undefined
    let handedOver = false
    try {
      await unlessAborted(reach.ensure(), request.signal)
      timer = setTimeout(() => control.abort(new DOMException('', 'TimeoutError')), timeoutMs)
      const session = connections.of(credential)
      ca = session.ca
      const response = await session.fetch(urlOf(target.server, request), {
        method: methodOf[request.verb],
        headers: headersOf(request, target, credential, options.userAgent ?? 'srouter'),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        signal: control.signal,
        // A redirect would carry the credential to another server.
        redirect: 'manual',
        // The limits are ours; Bun's own would end a quiet watch after five minutes.
        timeout: false,
      })
      known = true
      if (response.ok) {
        handedOver = streaming
        return { ok: true, value: await read(response) }
      }
      return {
        ok: false,
        status: response.status,
        said: await statusOf(response),
        retryAfterMs: retryAfterMs(response.headers.get('retry-after'), timing.now()),
      }
    } catch (thrown) {
      if (request.signal?.aborted) throw request.signal.reason
      if (thrown instanceof UserError) throw thrown
      reach.doubt()
      const error = unanswered({ target, request, proxy, ca, credential, timeoutMs }, thrown)
      // The file with the authority may have been replaced meanwhile: the next request reads it again.
      if (error.reason === 'NotTrusted') connections.drop()
      throw error
    } finally {
      clearTimeout(timer)
      if (!handedOver) release()
    }
  }

  /** One attempt, and after a 401 another one if there is another credential. */
  const exchange = async <T>(request: KubeRequest, read: Read<T>, streaming = false): Promise<T> => {
    let credential = await unlessAborted(credentials.current(), request.signal)
    let answer = await attempt(request, credential, read, streaming)
    if (!answer.ok && answer.status === 401) {
      const renewed = await unlessAborted(credentials.renew(credential), request.signal)
      if (renewed !== undefined) {
        credential = renewed
        answer = await attempt(request, credential, read, streaming)
      }
    }
    if (answer.ok) return answer.value
    if (answer.status === 401) throw unauthorized(request, target, credential, answer.said, timing.now())
    throw errorOf(request, answer.status, answer.said, answer.retryAfterMs)
  }

  const json = async <T>(request: KubeRequest): Promise<T> => {
    const began = timing.elapsed()
    for (let repeats = 0; ; repeats++) {
      try {
        return await limited(() => exchange(request, jsonOf<T>(request)))
      } catch (thrown) {
        if (!isKubeError(thrown)) throw thrown
        thrown.repeats = repeats
        if (request.repeat === false) throw thrown
        const spent = { repeats, elapsedMs: timing.elapsed() - began, known }
        const delay = repeatDelay(thrown, spent, timing.random())
        if (delay === undefined) throw thrown
        options.onRepeat?.(thrown, delay)
        await timing.pause(delay, request.signal)
      }
    }
  }

  return {
    target,
    timing,
    json,
    open: request => limited(() => exchange(request, async response => response, true)),
    close: () => connections.drop(),
  }
}

const headersOf = (
  request: KubeRequest,
  target: KubeTarget,
  credential: Credential,
  userAgent: string,
): Record<string, string> => ({
  Accept: 'application/json',
  'User-Agent': userAgent,
  ...(request.body === undefined ? {} : { 'Content-Type': request.contentType ?? 'application/json' }),
  ...(credential.authorization === undefined ? {} : { Authorization: credential.authorization }),
  ...target.user.impersonate,
})
