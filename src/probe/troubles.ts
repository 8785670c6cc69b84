import type { ProbeFailure } from '../api/probe-outcome.ts'
import { down, printable, type Verdict } from './verdict.ts'

/**
 * What an error of a socket means. Errors are known by their code alone: texts have addresses and ports in them, and
 * those of TLS come from the other side.
 */
export const troubleVerdict = (thrown: unknown): Verdict => {
  const { code } = thrown as { readonly code?: unknown }
  const known = typeof code === 'string' ? code : 'an error without a code'
  const [failure, message] = troubles[known] ?? otherwise(known)
  return down(failure, message)
}

/**
 * The alert of a server that wants a certificate of its client. After the handshake, so the server has shown that it
 * has the key of its own certificate; `bad_certificate` is what older servers say for it.
 */
export const wantsClientCertificate = (thrown: unknown): boolean =>
  ['ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'].includes(
    String((thrown as { readonly code?: unknown }).code),
  )

type Trouble = readonly [failure: ProbeFailure, message: string]

const noRoute: Trouble = ['Unreachable', 'there is no route to the address']
const prohibited: Trouble = ['Unreachable', 'this host may not connect to the address']
const noSocket: Trouble = ['Unreachable', 'this process can open no more connections']
const ended: Trouble = ['Reset', 'the connection was ended before an answer came']
const noTls: Trouble = ['ProtocolError', 'the port does not speak TLS']
const noHandshake: Trouble = [
  'ProtocolError',
  'the TLS handshake was refused; a gateway that demands a client certificate can be probed by TCP',
]

const troubles: Readonly<Record<string, Trouble>> = {
  // Bun says the same where there is no route (EHOSTUNREACH, ENETUNREACH).
  ECONNREFUSED: ['Refused', 'the connection was refused, or there is no route'],
  ETIMEDOUT: ['TimedOut', 'no answer to the connection attempt'],
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  EHOSTDOWN: noRoute,
  ENETDOWN: noRoute,
  EADDRNOTAVAIL: noRoute,
  EAFNOSUPPORT: noRoute,
  EINVAL: noRoute,
  EACCES: prohibited,
  EPERM: prohibited,
  EMFILE: noSocket,
  ENFILE: noSocket,
  ENOBUFS: noSocket,
  ENOMEM: noSocket,
  ECONNRESET: ended,
  ECONNABORTED: ended,
  EPIPE: ended,
  ERR_BORINGSSL: ['CertificateInvalid', 'the CA bundle of the probe is no list of PEM certificates'],
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_HTTP_REQUEST: noTls,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: ['ProtocolError', 'the port speaks no TLS 1.2 or later'],
  ERR_SSL_UNSUPPORTED_PROTOCOL: ['ProtocolError', 'the port speaks no TLS 1.2 or later'],
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: ['ProtocolError', 'the port speaks no HTTP/1.1'],
  ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME: ['ProtocolError', 'the port has no certificate for the host'],
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: noHandshake,
}

const otherwise = (code: string): Trouble =>
  code.startsWith('ERR_SSL_')
    ? ['ProtocolError', `TLS failed with ${printable(code.slice('ERR_SSL_'.length), 80)}`]
    : ['Unreachable', `the connection failed with ${printable(code, 80)}`]
