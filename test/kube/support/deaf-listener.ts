import { dlopen, FFIType, ptr } from 'bun:ffi'

/**
 * A port that listens and never accepts, with a queue of one: when it is full, Linux swallows the packets of further
 * connections, as a dead host or a firewall does. No JavaScript API listens without accepting.
 */
export const deafListener = (): { readonly port: number; readonly close: () => void } => {
  const { i32, u32, ptr: pointer } = FFIType
  const libc = dlopen('libc.so.6', {
    socket: { args: [i32, i32, i32], returns: i32 },
    bind: { args: [i32, pointer, u32], returns: i32 },
    listen: { args: [i32, i32], returns: i32 },
    getsockname: { args: [i32, pointer, pointer], returns: i32 },
    close: { args: [i32], returns: i32 },
  })
  const stream = 1
  const inet = 2
  const fd = libc.symbols.socket(inet, stream, 0)
  // struct sockaddr_in: family, port (0: any), 127.0.0.1.
  const address = Uint8Array.of(inet, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)
  const length = Uint32Array.of(address.length)
  const ok =
    libc.symbols.bind(fd, ptr(address), address.length) === 0 &&
    libc.symbols.listen(fd, 0) === 0 &&
    libc.symbols.getsockname(fd, ptr(address), ptr(length)) === 0
  if (!ok) throw new Error('no listening socket')
  return {
    port: ((address[2] ?? 0) << 8) | (address[3] ?? 0),
    close: () => {
      libc.symbols.close(fd)
      libc.close()
    },
  }
}
