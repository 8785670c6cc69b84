import { connect, type Socket } from 'node:net'
import { startElsewhere } from './elsewhere.ts'
import { listen } from './listener.ts'

/** A port of 127.0.0.1 at which no connection comes about, and none is refused either. */
export interface BlackHole extends AsyncDisposable {
  readonly port: number
}

/** More than Bun's listeners ask the kernel to hold (512, whatever backlog is asked for), and a few that it adds. */
const enough = 600

/**
 * A listener that does not run, with its queue full: the kernel drops what comes then, as a firewall does. It needs no
 * route and no right.
 */
export const startBlackHole = async (): Promise<BlackHole> => {
  const server = await startElsewhere(`
    const { port } = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
    console.log(port)`)
  const { port } = server
  server.signal('SIGSTOP')
  const fillers = Array.from({ length: enough }, (): Socket => connect({ host: '127.0.0.1', port }))
  for (const filler of fillers) filler.on('error', () => {})
  // On the loopback a connection is complete, or dropped, when it has been asked for. One that was asked for after all
  // of them and has come about tells that they have been.
  await using last = listen({})
  const witness = connect({ host: '127.0.0.1', port: last.port })
  await new Promise(resolve => witness.once('connect', resolve))
  witness.destroy()
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const filler of fillers) filler.destroy()
      await server[Symbol.asyncDispose]()
    },
  }
}
