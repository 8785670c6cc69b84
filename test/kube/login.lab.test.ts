import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createPrivateKey, sign } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { Namespace, ServiceRoute } from '../../src/api/kinds.ts'
import { connect, isForbidden, KubeError, list, serverVersion } from '../../src/kube/index.ts'
import { createAuthority } from '../lab/certificates.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { freshNamespace, sharedControlPlane } from '../lab/shared.ts'
import { describeLab } from '../lab/suite.ts'
import { connectProxy } from './support/connect-proxy.ts'
import { certificateUser, clientOf, whoAmI } from './support/lab.ts'
import { fakeTiming } from './support/timing.ts'

describeLab('logging in to a real API server', () => {
  let plane: ControlPlane
  let folder: string
  let namespace: string
  beforeAll(async () => {
    plane = await sharedControlPlane()
    namespace = await freshNamespace()
    folder = mkdtempSync(join(tmpdir(), 'srouter-login-'))
    await plane.applyManifests(
      ['one', 'two'].map(name => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { namespace, name },
      })),
    )
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const failure = async (work: Promise<unknown>): Promise<KubeError> => {
    const thrown = await work.then(
      () => undefined,
      error => error,
    )
    if (!(thrown instanceof KubeError)) throw thrown
    return thrown
  }
  const account = (name: string) => `system:serviceaccount:${namespace}:${name}`
  const tokenOf = (name: string) => plane.serviceAccountToken(namespace, name)
  const clusterEntry = (more: object = {}) => ({
    server: plane.url,
    'certificate-authority-data': btoa(plane.ca),
    ...more,
  })
  const kubeconfig = (name: string, user: object, cluster: object = clusterEntry()): string => {
    const path = join(folder, name)
    writeFileSync(
      path,
      stringify({
        clusters: [{ name: 'lab', cluster }],
        users: [{ name: 'me', user }],
        contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'me' } }],
        'current-context': 'lab',
      }),
    )
    return path
  }

  test('a client certificate, from a kubeconfig', async () => {
    const client = connect({ kubeconfig: plane.kubeconfig() })
    expect(await whoAmI(client)).toBe('admin')
    expect((await serverVersion(client)).gitVersion).toMatch(/^v1\./)
  })

  test('certificate, key and authority in files beside the kubeconfig', async () => {
    writeFileSync(join(folder, 'c.crt'), plane.admin.cert)
    writeFileSync(join(folder, 'c.key'), plane.admin.key)
    writeFileSync(join(folder, 'ca.crt'), plane.ca)
    const path = kubeconfig(
      'files',
      { 'client-certificate': 'c.crt', 'client-key': './c.key' },
      { server: plane.url, 'certificate-authority': 'ca.crt' },
    )
    expect(await whoAmI(connect({ kubeconfig: path }))).toBe('admin')
  })

  test('two users with certificates of their own at the same time', async () => {
    const jane = clientOf(plane, { user: certificateUser(await plane.issueClientCert('jane')) })
    const admin = clientOf(plane)
    const names = await Promise.all([jane, admin, jane, admin].map(whoAmI))
    expect(names).toEqual(['jane', 'admin', 'jane', 'admin'])
  })

  test('a token', async () => {
    const path = kubeconfig('token', { token: await tokenOf('one') })
    expect(await whoAmI(connect({ kubeconfig: path }))).toBe(account('one'))
  })

  test('a token file that is replaced while running', async () => {
    writeFileSync(join(folder, 'token'), await tokenOf('one'))
    const timing = fakeTiming(Date.now())
    const client = connect({ kubeconfig: kubeconfig('tokenfile', { tokenFile: 'token' }), timing })
    expect(await whoAmI(client)).toBe(account('one'))
    writeFileSync(join(folder, 'token'), await tokenOf('two'))
    timing.advance(60_000)
    expect(await whoAmI(client)).toBe(account('two'))
  })

  test('the service account of a pod', async () => {
    const files = { token: await tokenOf('one'), 'ca.crt': plane.ca, namespace }
    const serviceAccount = mkdtempSync(join(folder, 'pod-'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(serviceAccount, name), text)
    const { hostname, port } = new URL(plane.url)
    const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port, HOME: '/nobody' }
    const client = connect({ env, serviceAccount })
    expect(client.target.namespace).toBe(namespace)
    expect(await whoAmI(client)).toBe(account('one'))
    // As the kubelet does it, and noticed at the refusal.
    writeFileSync(join(serviceAccount, 'token'), 'expired')
    const late = connect({ env, serviceAccount })
    await failure(whoAmI(late))
    writeFileSync(join(serviceAccount, 'token'), await tokenOf('two'))
    expect(await whoAmI(late)).toBe(account('two'))
  })

  test('impersonation', async () => {
    const client = clientOf(plane, {
      user: { ...certificateUser(plane.admin), impersonate: { 'Impersonate-User': 'jane' } },
    })
    expect(await whoAmI(client)).toBe('jane')
  })

  test('a token that has expired', async () => {
    const error = await failure(
      whoAmI(clientOf(plane, { user: { name: 'me', token: expiredToken(), impersonate: {} } })),
    )
    expect(error.status).toBe(401)
    expect(error.exit).toBe(6)
    expect(error.message).toContain(`${plane.url} does not accept the credentials`)
    expect(error.message).toContain('the token expired at 2023-11-14T22:13:20.000Z')
  })

  /** The API server gives no token for less than ten minutes, so one is signed here, with its own key. */
  const expiredToken = (): string => {
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { iss: 'https://kubernetes.default.svc', sub: account('one'), exp: 1_700_000_000 }
    const text = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims)}`
    const key = createPrivateKey(readFileSync(join(plane.folder, 'service-accounts.key')))
    const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
    return `${text}.${signature.toString('base64url')}`
  }

  test('a client certificate that has expired', async () => {
    const pair = await plane.issueClientCert('jane', [], new Date('2026-01-02T03:04:05Z'))
    const error = await failure(whoAmI(clientOf(plane, { user: certificateUser(pair) })))
    expect(error.status).toBe(401)
    expect(error.message).toContain('the client certificate expired at 2026-01-02T03:04:05.000Z')
  })

  describe('an exec plugin', () => {
    const plugin = (name: string, answer: string) => {
      writeFileSync(join(folder, name), `#!/bin/sh\necho run >> '${join(folder, name)}.runs'\n${answer}\n`)
      chmodSync(join(folder, name), 0o755)
      return {
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            command: `./${name}`,
            interactiveMode: 'Never',
          },
        },
        runs: () =>
          readFileSync(join(folder, `${name}.runs`), 'utf8')
            .trim()
            .split('\n').length,
      }
    }
    const credential = (status: object) =>
      JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status })
    const printing = (name: string) => {
      const file = join(folder, `${name}.json`)
      return { say: (status: object) => writeFileSync(file, credential(status)), script: `cat '${file}'` }
    }

    test('is run again when its token expires', async () => {
      const { say, script } = printing('p1')
      const { user, runs } = plugin('plugin-1', script)
      const timing = fakeTiming(Date.now())
      say({
        token: await tokenOf('one'),
        expirationTimestamp: new Date(timing.now() + 600_000).toISOString(),
      })
      const client = connect({ kubeconfig: kubeconfig('exec-1', user), timing })
      expect(await whoAmI(client)).toBe(account('one'))
      expect(await whoAmI(client)).toBe(account('one'))
      expect(runs()).toBe(1)
      say({ token: await tokenOf('two') })
      timing.advance(600_000)
      expect(await whoAmI(client)).toBe(account('two'))
      expect(runs()).toBe(2)
    })

    test('is run again, once, when the API server refuses its token', async () => {
      const { say, script } = printing('p2')
      const { user, runs } = plugin('plugin-2', script)
      const client = connect({ kubeconfig: kubeconfig('exec-2', user) })
      say({ token: 'revoked' })
      expect((await failure(whoAmI(client))).status).toBe(401)
      expect(runs()).toBe(2)
      say({ token: await tokenOf('one') })
      expect(await whoAmI(client)).toBe(account('one'))
      expect(runs()).toBe(3)
    })

    test('gives a client certificate', async () => {
      const { say, script } = printing('p3')
      const { user } = plugin('plugin-3', script)
      const client = connect({ kubeconfig: kubeconfig('exec-3', user) })
      for (const name of ['jane', 'jo']) {
        const { cert, key } = await plane.issueClientCert(name)
        const soon = new Date(Date.now() - 1000).toISOString()
        say({ clientCertificateData: cert, clientKeyData: key, expirationTimestamp: soon })
        expect(await whoAmI(client)).toBe(name)
      }
    })
  })

  describe('through a proxy', () => {
    const port = () => Number(new URL(plane.url).port)
    const admin = () => ({
      'client-certificate-data': btoa(plane.admin.cert),
      'client-key-data': btoa(plane.admin.key),
    })

    test('proxy-url, with its own login, whatever NO_PROXY says', async () => {
      await using proxy = await connectProxy(port())
      const url = proxy.url.replace('://', '://jo:s%3Acret@')
      const path = kubeconfig('proxy', admin(), clusterEntry({ 'proxy-url': url }))
      const client = connect({ kubeconfig: path, env: { NO_PROXY: '*' } })
      expect(await whoAmI(client)).toBe('admin')
      expect(proxy.tunnels).toEqual([`127.0.0.1:${port()} as jo:s:cret`])
    })

    test('HTTPS_PROXY, to a name that only the proxy knows', async () => {
      await using proxy = await connectProxy(port())
      const server = {
        server: `https://api.made-up.test:${port()}`,
        'tls-server-name': 'kubernetes.default.svc',
      }
      const path = kubeconfig('env-proxy', admin(), clusterEntry(server))
      const client = connect({ kubeconfig: path, env: { HTTPS_PROXY: proxy.url } })
      expect(await whoAmI(client)).toBe('admin')
      expect(proxy.tunnels).toEqual([`api.made-up.test:${port()}`])
    })

    test('NO_PROXY goes past it, and so does whatever is on this machine', async () => {
      await using proxy = await connectProxy(port())
      // 0.0.0.0 leads to this machine as well, but does not look like it.
      const server = { server: `https://0.0.0.0:${port()}`, 'tls-server-name': 'localhost' }
      const path = kubeconfig('no-proxy', admin(), clusterEntry(server))
      const asking = (env: Record<string, string>) => whoAmI(connect({ kubeconfig: path, env }))
      expect(await asking({ HTTPS_PROXY: proxy.url, NO_PROXY: '10.0.0.0/8,0.0.0.0/8' })).toBe('admin')
      expect(await asking({ HTTPS_PROXY: proxy.url, no_proxy: `0.0.0.0:${port()}` })).toBe('admin')
      expect(await whoAmI(connect({ kubeconfig: plane.kubeconfig(), env: { HTTPS_PROXY: proxy.url } }))).toBe(
        'admin',
      )
      expect(proxy.tunnels).toEqual([])
      expect(await asking({ HTTPS_PROXY: proxy.url, NO_PROXY: '10.0.0.0/8' })).toBe('admin')
      expect(proxy.tunnels).toEqual([`0.0.0.0:${port()}`])
    })

    test('that is down, or refuses', async () => {
      const proxy = await connectProxy(1)
      const path = kubeconfig('bad-proxy', admin(), clusterEntry({ 'proxy-url': proxy.url }))
      const refused = await failure(whoAmI(connect({ kubeconfig: path })))
      expect(refused.message).toContain(`the proxy ${proxy.url} does not let ${plane.url} through`)
      await proxy[Symbol.asyncDispose]()
      const down = await failure(whoAmI(connect({ kubeconfig: path })))
      expect(down.message).toBe(`the proxy ${proxy.url} cannot be reached: nothing listens there`)
    })
  })

  describe('trust', () => {
    test('tls-server-name', async () => {
      const named = (serverName: string) => whoAmI(clientOf(plane, { serverName }))
      expect(await named('kubernetes.default.svc')).toBe('admin')
      expect((await failure(named('other.example.com'))).message).toContain('is not for "other.example.com"')
    })

    test('an unknown authority, and insecure-skip-tls-verify', async () => {
      const other = await createAuthority('other')
      const unknown = { ca: { text: other.cert } }
      const error = await failure(whoAmI(clientOf(plane, unknown)))
      expect(error.message).toContain(
        'its certificate is not signed by certificate-authority of the kubeconfig',
      )
      expect(await whoAmI(clientOf(plane, { ...unknown, insecure: true }))).toBe('admin')
    })

    test('without an authority those of the system count', async () => {
      const error = await failure(whoAmI(clientOf(plane, { ca: undefined })))
      expect(error.message).toContain("its certificate is not signed by the system's authorities")
    })
  })

  test('what is forbidden is said with verb, resource and namespace', async () => {
    const jane = clientOf(plane, { user: certificateUser(await plane.issueClientCert('jane')) })
    const error = await failure(list(jane, ServiceRoute, { namespace }))
    expect(isForbidden(error)).toBe(true)
    expect(error.exit).toBe(6)
    expect(error.message).toBe(
      `not allowed to list serviceroutes.routing.router.io in namespace "${namespace}": ` +
        'serviceroutes.routing.router.io is forbidden: User "jane" cannot list resource "serviceroutes" ' +
        `in API group "routing.router.io" in the namespace "${namespace}"`,
    )
    expect(error.hint).toBe(
      'The user needs a Role or ClusterRole with the verb "list" on "serviceroutes" in the API group ' +
        `"routing.router.io". Check with: kubectl auth can-i list serviceroutes.routing.router.io -n ${namespace}`,
    )
    const everywhere = await failure(list(jane, Namespace))
    expect(everywhere.hint).toContain(
      'needs a ClusterRole with the verb "list" on "namespaces" in the API group ""',
    )
  })
})
