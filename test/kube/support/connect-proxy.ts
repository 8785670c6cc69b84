import { connect, createServer, type Socket } from 'node:net'

export interface ConnectProxy extends AsyncDisposable {
  readonly url: string
  /** `host:port` and the proxy credentials of every CONNECT, in order. */
  readonly tunnels: readonly string[]
}

/** An HTTP proxy on loopback that tunnels CONNECT, whatever the name, to one port of 127.0.0.1. */
export const connectProxy = async (port: number): Promise<ConnectProxy> => {
  const tunnels: string[] = []
  const open = new Set<Socket>()
  const server = createServer(client => {
    open.add(client)
    client.on('error', () => {})
    client.once('data', head => {
      const [first = '', ...headers] = head.toString().split('\r\n')
      const [method, target] = first.split(' ')
      // What only looks whether the port is open sends nothing and is no tunnel.
      if (method !== 'CONNECT') return client.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n')
      const login = headers.find(line => /^proxy-authorization:/i.test(line))?.split(' ')[2]
      tunnels.push(login === undefined ? `${target}` : `${target} as ${atob(login)}`)
      const upstream = connect({ host: '127.0.0.1', port }, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        client.pipe(upstream)
        upstream.pipe(client)
      })
      open.add(upstream)
      upstream.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    tunnels,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
