import { connect } from 'node:net'

/**
 * Opens a TCP connection and closes it again. fetch has no limit of its own for the connection, and a server that
 * swallows packets would cost the whole time of a request. Rejects with the system's error, or ETIMEDOUT.
 */
export const dial = (host: string, port: number, timeoutMs: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const timer = setTimeout(() => {
      socket.destroy()
      reject(Object.assign(new Error(`no connection within ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' }))
    }, timeoutMs)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.destroy()
      resolve()
    })
    socket.once('error', thrown => {
      clearTimeout(timer)
      reject(thrown)
    })
  })

/** Host and port of an http(s) address. */
export const addressOf = (url: string): { readonly host: string; readonly port: number } => {
  const { hostname, port, protocol } = new URL(url)
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  }
}
