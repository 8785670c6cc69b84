import type { Socket } from 'bun'

/** A TCP relay in front of an API server: it knows how much has been answered, and can be stopped at that point. */
export interface Relay {
  readonly url: string
  /** Resolves when so many bytes have been answered since now; the answer is held there until `go`. */
  readonly holdAfter: (bytes: number) => Promise<void>
  readonly go: () => void
  /** Connections since the beginning. */
  readonly accepted: () => number
  /** Breaks all connections; new ones are taken. */
  readonly cut: () => void
  readonly stop: () => void
}

interface Pair {
  readonly client: Socket<Pair>
  server?: Socket<Pair>
  /** What came before the connection to the server stood. */
  readonly early: Buffer[]
  readonly late: { readonly to: Socket<Pair>; readonly bytes: Buffer }[]
}

export const relayTo = (server: string): Relay => {
  const { hostname, port } = new URL(server)
  const pairs = new Set<Pair>()
  let accepted = 0
  let budget = Number.POSITIVE_INFINITY
  let reached: (() => void) | undefined

  /** Sockets take what they can; the rest follows when they drain. */
  const send = (pair: Pair, to: Socket<Pair>, bytes: Buffer): void => {
    if (pair.late.some(part => part.to === to)) pair.late.push({ to, bytes })
    else {
      const taken = Math.max(0, to.write(bytes))
      if (taken < bytes.length) pair.late.push({ to, bytes: bytes.subarray(taken) })
    }
  }
  const flush = (pair: Pair): void => {
    for (const { to, bytes } of pair.late.splice(0)) send(pair, to, bytes)
  }
  const held: { pair: Pair; bytes: Buffer }[] = []
  const answer = (pair: Pair, bytes: Buffer): void => {
    budget -= bytes.length
    if (budget > 0) send(pair, pair.client, bytes)
    else {
      held.push({ pair, bytes })
      reached?.()
    }
  }
  const end = (pair: Pair): void => {
    pairs.delete(pair)
    pair.client.end()
    pair.server?.end()
  }

  const upstream = {
    data: (socket: Socket<Pair>, bytes: Buffer) => answer(socket.data, Buffer.from(bytes)),
    drain: (socket: Socket<Pair>) => flush(socket.data),
    close: (socket: Socket<Pair>) => end(socket.data),
    error: (socket: Socket<Pair>) => end(socket.data),
  }
  const listener = Bun.listen<Pair>({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      open: async client => {
        accepted++
        const pair: Pair = { client, early: [], late: [] }
        client.data = pair
        pairs.add(pair)
        try {
          const socket = await Bun.connect<Pair>({
            hostname,
            port: Number(port),
            socket: upstream,
            data: pair,
          })
          pair.server = socket
          for (const bytes of pair.early.splice(0)) send(pair, socket, bytes)
        } catch {
          end(pair)
        }
      },
      data: (client, bytes) => {
        const pair = client.data
        if (pair.server === undefined) pair.early.push(Buffer.from(bytes))
        else send(pair, pair.server, Buffer.from(bytes))
      },
      drain: client => flush(client.data),
      close: client => end(client.data),
      error: client => end(client.data),
    },
  })

  return {
    url: `https://127.0.0.1:${listener.port}`,
    holdAfter: bytes => {
      budget = bytes
      return new Promise(resolve => {
        reached = resolve
      })
    },
    go: () => {
      budget = Number.POSITIVE_INFINITY
      for (const { pair, bytes } of held.splice(0)) send(pair, pair.client, bytes)
    },
    accepted: () => accepted,
    cut: () => {
      for (const pair of [...pairs]) {
        pair.client.terminate()
        pair.server?.terminate()
        pairs.delete(pair)
      }
    },
    stop: () => listener.stop(true),
  }
}
