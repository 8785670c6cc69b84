import type { Orders } from './gateway-listener.ts'

/**
 * `bun gateway-process.ts ADDRESS PORT`: the listener of gateway-listener.ts. It reads its orders from stdin, one JSON
 * object a line, and says so when one is carried out. It ends with its stdin.
 */
const [, , hostname = '', port = ''] = process.argv

interface State {
  request: string
}

let orders: Orders | undefined
let server: Bun.TCPSocketListener<State> | undefined
let answered = 0

const answer = async (socket: Bun.Socket<State>): Promise<void> => {
  const { status, delayMs } = orders ?? { status: 503, delayMs: 0 }
  if (delayMs > 0) await Bun.sleep(delayMs)
  answered++
  socket.write(`HTTP/1.1 ${status} Stand-in\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
  socket.end()
}

const listen = ({ tls: { cert, key } }: Orders): Bun.TCPSocketListener<State> =>
  Bun.listen<State>({
    hostname,
    port: Number(port),
    tls: { cert, key },
    socket: {
      open: socket => {
        socket.data = { request: '' }
      },
      data: (socket, chunk) => {
        socket.data.request += chunk.toString('latin1')
        if (!socket.data.request.endsWith('\r\n\r\n')) return
        socket.data.request = ''
        void answer(socket)
      },
      error: () => {},
    },
  })

const carryOut = (next: Orders): void => {
  const isSame = next.tls.cert === orders?.tls.cert && next.open === (server !== undefined)
  orders = next
  if (isSame) return
  // Its connections as well: a gateway that is gone keeps none.
  server?.stop(true)
  server = next.open ? listen(next) : undefined
}

for await (const line of console) {
  if (line.startsWith('{')) carryOut(JSON.parse(line) as Orders)
  console.log(answered)
}
process.exit()
