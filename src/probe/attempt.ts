import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { ProbeTarget } from '../api/probe-outcome.ts'
import { certificateVerdict } from './certificate.ts'
import { createHeadReader } from './status-line.ts'
import { troubleVerdict, wantsClientCertificate } from './troubles.ts'
import { down, timedOut, up, type Verdict } from './verdict.ts'

/**
 * One connection to one IP address, from its opening until it is known whether the target is up there; it is gone when
 * this resolves. The signal ends it: time is up. Never rejects.
 */
export const attempt = (
  target: ProbeTarget,
  host: string,
  address: string,
  signal: AbortSignal,
): Promise<Verdict> =>
  new Promise(resolve => {
    // A trailing dot belongs to DNS alone.
    const name = host.replace(/\.$/, '')
    let phase = 'in connecting'
    let socket: Socket | undefined
    const finish = (verdict: Verdict): void => {
      signal.removeEventListener('abort', expire)
      socket?.destroy()
      resolve(verdict)
    }
    const expire = (): void => finish(timedOut(target, phase))
    if (signal.aborted) return expire()
    signal.addEventListener('abort', expire, { once: true })

    const ask = (opened: Socket): void => {
      phase = 'waiting for an answer'
      const read = createHeadReader()
      opened.on('data', (chunk: Uint8Array) => {
        const head = read(chunk)
        if (head.state === 'answered') finish(statusVerdict(head.status))
        if (head.state === 'foreign') finish(down('ProtocolError', 'the answer is no HTTP/1.1'))
      })
      opened.write(requestOf(target, name))
    }
    const fail = (thrown: unknown): void =>
      finish(
        phase === 'waiting for an answer' && wantsClientCertificate(thrown) ? up : troubleVerdict(thrown),
      )
    try {
      if (target.scheme === 'HTTPS') {
        const secure = openTls(target, name, address)
        socket = secure
        secure.once('connect', () => {
          phase = 'in the TLS handshake'
        })
        secure.once('secureConnect', () => {
          if (secure.authorized) ask(secure)
          else finish(certificateTrouble(secure, name))
        })
      } else {
        const plain = connectTcp({ host: address, port: target.port })
        socket = plain
        plain.once('connect', () => (target.scheme === 'HTTP' ? ask(plain) : finish(up)))
      }
      socket.on('error', fail)
      socket.once('end', () => fail({ code: 'ECONNRESET' }))
      socket.once('close', () => fail({ code: 'ECONNRESET' }))
    } catch (thrown) {
      fail(thrown)
    }
  })

/**
 * `rejectUnauthorized: false` rejects nothing *by itself*: a socket that was rejected has no certificate any more to
 * tell of. Nothing is written before `authorized` was asked, which is true only where both chain and name are right.
 */
const openTls = ({ port, caBundle }: ProbeTarget, name: string, address: string): TLSSocket =>
  connectTls({
    host: address,
    port,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: false,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    // RFC 6066 knows no addresses in SNI.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(caBundle === undefined ? {} : { ca: trustedAlone(caBundle) }),
  })

/** An empty text would mean the CAs of the system; anything else that is no certificate throws by itself. */
const trustedAlone = (caBundle: string): string => (caBundle === '' ? ' ' : caBundle)

/** In Bun `authorizationError` is the code, in Node also an error that has it. */
const certificateTrouble = (socket: TLSSocket, name: string): Verdict => {
  const error: unknown = socket.authorizationError
  const code = typeof error === 'string' ? error : (error as { readonly code?: unknown } | null)?.code
  return certificateVerdict(String(code), socket.getPeerCertificate() as PeerCertificate, name)
}

/** Kubernetes' rule for `httpGet`. */
const statusVerdict = (status: number): Verdict =>
  status >= 200 && status < 400 ? up : down('WrongStatus', `the answer has status ${status}`)

const requestOf = ({ path }: ProbeTarget, name: string): string =>
  [
    `GET ${requestPath(path)} HTTP/1.1`,
    `Host: ${isIP(name) === 6 ? `[${name}]` : onLine(name)}`,
    'User-Agent: srouter-probe',
    'Accept: */*',
    'Connection: close',
    '',
    '',
  ].join('\r\n')

/** What a line of a request cannot have is percent-encoded; a path never ends its line. */
const requestPath = (path: string): string => {
  const encoded = path.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent)
  return encoded.startsWith('/') ? encoded : `/${encoded}`
}

const onLine = (name: string): string => name.replace(/[^\x21-\x7e]/g, '')
