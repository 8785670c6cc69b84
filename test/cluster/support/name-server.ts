/**
 * A name server that refuses every question, so that nothing is known of any zone, and nobody waits. A port where nobody
 * listens would be asked until time is up. It ends with the process.
 */
export const refusingNameServer = async (): Promise<string> => {
  shared ??= Bun.udpSocket({
    hostname: '127.0.0.1',
    port: 0,
    socket: {
      data: (socket, message, port, address) => {
        const answer = Buffer.from(message)
        // An answer, and as its code REFUSED.
        answer.writeUInt8(answer.readUInt8(2) | 0x80, 2)
        answer.writeUInt8(5, 3)
        socket.send(answer, port, address)
      },
      // Who asked has ended meanwhile, as a daemon that a test is done with: nobody is there to be answered.
      error: () => {},
    },
  })
  const socket = await shared
  socket.unref()
  return `127.0.0.1:${socket.port}`
}

let shared: Promise<Bun.udp.Socket<'buffer'>> | undefined
