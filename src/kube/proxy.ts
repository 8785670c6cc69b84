import { BlockList, isIP } from 'node:net'
import { unusable } from './kubeconfig.ts'

/**
 * The proxy for a server, or undefined for a direct connection. `proxy-url` of the kubeconfig counts always; else the
 * environment as Go reads it, so that what works for kubectl works here: lower case before upper case, NO_PROXY with
 * names, their subdomains, addresses, networks and ports, and never a proxy to the machine itself.
 *
 * | NO_PROXY    | goes direct                              |
 * | ----------- | ---------------------------------------- |
 * | example.com | example.com, api.example.com             |
 * | .example.com | api.example.com                         |
 * | 10.0.0.0/8  | 10.1.2.3                                 |
 * | a.b:6443    | a.b at port 6443                         |
 * | *           | everything                               |
 */
export const proxyFor = (
  server: string,
  proxyUrl: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined => {
  if (proxyUrl !== undefined) return checked(proxyUrl, 'proxy-url of the kubeconfig')
  const url = new URL(server)
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy'
  const proxy = env[name] || env[name.toUpperCase()]
  if (!proxy || isExempt(url, env.no_proxy || env.NO_PROXY || '')) return undefined
  return checked(proxy.includes('://') ? proxy : `http://${proxy}`, env[name] ? name : name.toUpperCase())
}

const checked = (proxy: string, from: string): string => {
  const protocol = URL.canParse(proxy) ? new URL(proxy).protocol : ''
  if (protocol === 'http:' || protocol === 'https:') return proxy
  throw unusable(
    `the proxy "${withoutPassword(proxy)}" (${from}) is no http:// or https:// address`,
    protocol.startsWith('socks')
      ? 'srouter cannot speak SOCKS. Use an HTTP proxy, or forward a port (ssh -L 6443:HOST:443) with tls-server-name.'
      : undefined,
  )
}

/** A proxy's address may hold a password, which belongs in no message. */
export const withoutPassword = (url: string): string => url.replace(/\/\/[^/@]*@/, '//…@')

const isExempt = (url: URL, noProxy: string): boolean => {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  if (host === 'localhost' || isLoopback(host)) return true
  return noProxy
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .some(entry => entry !== '' && matches(entry, host, port))
}

const isLoopback = (host: string): boolean => host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

const matches = (entry: string, host: string, port: string): boolean => {
  if (entry === '*') return true
  if (entry.includes('/')) return inNetwork(entry, host)
  const withPort = /^(.+):(\d+)$/.exec(entry)
  // A bare IPv6 address has colons as well, but is no name with a port.
  const [name, only] =
    withPort !== null && isIP(entry) !== 6 ? [withPort[1] ?? '', withPort[2]] : [entry, undefined]
  if (only !== undefined && only !== port) return false
  const bare = name.replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '')
  if (bare.startsWith('.')) return host.endsWith(bare)
  return host === bare || (isIP(bare) === 0 && host.endsWith(`.${bare}`))
}

const inNetwork = (entry: string, host: string): boolean => {
  const [network = '', bits = ''] = entry.split('/')
  const family = isIP(network)
  if (family === 0 || isIP(host) !== family || !/^\d+$/.test(bits)) return false
  if (Number(bits) > (family === 4 ? 32 : 128)) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(network, Number(bits), type)
  return list.check(host, type)
}
