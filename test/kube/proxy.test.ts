import { describe, expect, test } from 'bun:test'
import { proxyFor } from '../../src/kube/proxy.ts'

const proxy = 'http://proxy:3128'
const server = 'https://api.dev.example.com:6443'

describe('which proxy a request takes', () => {
  const rows: readonly [string, string, Record<string, string>, string | undefined][] = [
    ['none by default', server, {}, undefined],
    ['HTTPS_PROXY', server, { HTTPS_PROXY: proxy }, proxy],
    ['lower case first', server, { HTTPS_PROXY: 'http://other:1', https_proxy: proxy }, proxy],
    ['HTTP_PROXY is not for https', server, { HTTP_PROXY: proxy }, undefined],
    ['HTTP_PROXY is for http', 'http://api:8001', { HTTP_PROXY: proxy }, proxy],
    ['without a scheme', server, { HTTPS_PROXY: 'proxy:3128' }, proxy],
    ['never to this machine', 'https://127.0.0.1:6443', { HTTPS_PROXY: proxy }, undefined],
    ['nor by its name', 'https://localhost:6443', { HTTPS_PROXY: proxy }, undefined],
    ['nor by IPv6', 'https://[::1]:6443', { HTTPS_PROXY: proxy }, undefined],
  ]
  test.each(rows)('%s', (_, url, env, expected) => {
    expect(proxyFor(url, undefined, env)).toBe(expected as string)
  })

  test('proxy-url of the kubeconfig counts before the environment and whatever NO_PROXY says', () => {
    const env = { HTTPS_PROXY: 'http://other:1', NO_PROXY: '*' }
    expect(proxyFor(server, proxy, env)).toBe(proxy)
    expect(proxyFor('https://127.0.0.1:6443', proxy, env)).toBe(proxy)
  })
})

describe('NO_PROXY', () => {
  const rows: readonly [string, string, 'direct' | 'proxy'][] = [
    ['example.com', server, 'direct'],
    ['.example.com', server, 'direct'],
    ['*.example.com', server, 'direct'],
    ['api.dev.example.com', server, 'direct'],
    ['.api.dev.example.com', server, 'proxy'],
    ['ample.com', server, 'proxy'],
    ['api.dev.example.com:6443', server, 'direct'],
    ['api.dev.example.com:443', server, 'proxy'],
    [' other.org , example.com ', server, 'direct'],
    ['*', server, 'direct'],
    ['', server, 'proxy'],
    ['10.0.0.0/8', 'https://10.1.2.3:6443', 'direct'],
    ['10.0.0.0/8', 'https://11.1.2.3:6443', 'proxy'],
    ['10.0.0.0/99', 'https://10.1.2.3:6443', 'proxy'],
    ['10.1.2.3', 'https://10.1.2.3', 'direct'],
    ['fd00::/8', 'https://[fd00::1]:6443', 'direct'],
    ['fd00::1', 'https://[fd00::1]:6443', 'direct'],
    ['fd00::2', 'https://[fd00::1]:6443', 'proxy'],
  ]
  test.each(rows)('%p and %p: %s', (noProxy, url, expected) => {
    const found = proxyFor(url, undefined, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })
    expect(found === undefined ? 'direct' : 'proxy').toBe(expected)
  })
})

test('SOCKS is said to be missing, without the password', () => {
  const tell = () => proxyFor(server, 'socks5://jo:secret@proxy:1080', {})
  expect(tell).toThrow('the proxy "socks5://…@proxy:1080" (proxy-url of the kubeconfig) is no http://')
})
