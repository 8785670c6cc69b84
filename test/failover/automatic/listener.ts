import type { KeyPair } from '../../lab/certificates.ts'

/** What a gateway answers to its n-th request, counted from 0. */
export interface Behaviour {
  readonly status?: (request: number) => number
  readonly delayMs?: number
}

/** A real HTTPS server in place of an Istio ingress gateway. */
export interface GatewayListener extends AsyncDisposable {
  /** Requests so far. */
  requests(): number
  behave(behaviour: Behaviour): void
  /** The port is closed, as when the gateway is dead; connections that are open are broken off. */
  kill(): Promise<void>
  /** It comes back, with another certificate where one is given. */
  start(certificate?: KeyPair): void
}

export const startGatewayListener = ({
  address,
  port,
  certificate,
}: {
  readonly address: string
  readonly port: number
  readonly certificate: KeyPair
}): GatewayListener => {
  let behaviour: Behaviour = {}
  let count = 0
  let server: ReturnType<typeof Bun.serve> | undefined
  const start = ({ cert, key }: KeyPair): void => {
    server = Bun.serve({
      hostname: address,
      port,
      tls: { cert, key },
      fetch: async () => {
        const request = count++
        const { status = () => 200, delayMs = 0 } = behaviour
        if (delayMs > 0) await Bun.sleep(delayMs)
        return new Response('', { status: status(request) })
      },
    })
  }
  const kill = async (): Promise<void> => {
    await server?.stop(true)
    server = undefined
  }
  start(certificate)
  return {
    requests: () => count,
    behave: next => {
      behaviour = next
      count = 0
    },
    kill,
    start: (other = certificate) => start(other),
    [Symbol.asyncDispose]: kill,
  }
}
