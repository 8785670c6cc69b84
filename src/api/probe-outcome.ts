/** What is probed, and how. It comes from a custom resource whose schema has been checked. */
export interface ProbeTarget {
  readonly scheme: 'HTTPS' | 'HTTP' | 'TCP'
  /**
   * The name in SNI and `Host`, and the one that the certificate must be for; what the address is, where it is absent.
   * TCP has no use for it.
   */
  readonly host?: string
  readonly port: number
  readonly path: string
  /** For all of it together: name look-up, connection, TLS, and the first line of the answer. */
  readonly timeoutSeconds: number
  /** PEM. Then only these CAs count; else those that Bun brings and those of the system. */
  readonly caBundle?: string
}

/**
 * Why something does not count as up. Stable: statuses, metrics and documents have these words.
 *
 * | failure            | what happened                                                              |
 * | ------------------ | -------------------------------------------------------------------------- |
 * | Refused            | nothing listens at the port                                                |
 * | TimedOut           | no answer in time; the message says in which phase                         |
 * | Unreachable        | no way there: no route, or no socket to go there with                      |
 * | Reset              | the connection was ended, by RST or FIN, before there was an answer        |
 * | CertificateInvalid | expired, of another host, of an unknown CA …; or the CA bundle is none     |
 * | WrongStatus        | an answer that is not 200–399                                              |
 * | NotResolved        | a host name without an address                                             |
 * | ProtocolError      | an answer that is no TLS, or no HTTP/1.1                                   |
 */
export type ProbeFailure =
  | 'Refused'
  | 'TimedOut'
  | 'Unreachable'
  | 'Reset'
  | 'CertificateInvalid'
  | 'WrongStatus'
  | 'NotResolved'
  | 'ProtocolError'

/**
 * `milliseconds` is what a clock shows. Where it is far above the time-out, this process did not get to run, and the
 * other side is not to blame. `message` is one line of printable ASCII, and the same for the same trouble: no times, no
 * addresses of our own.
 */
export type ProbeOutcome =
  | { readonly ok: true; readonly milliseconds: number }
  | {
      readonly ok: false
      readonly milliseconds: number
      readonly failure: ProbeFailure
      readonly message: string
    }
