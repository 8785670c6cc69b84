import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type ConfigOptions, loadConfig } from '../../src/kube/config.ts'
import { UserError } from '../../src/lib/errors.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'srouter-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: unknown): string => {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, typeof content === 'string' ? content : stringify(content))
  return path
}

const cluster = (name: string, more: object = {}) => ({
  name,
  cluster: { server: `https://${name}:6443`, ...more },
})
const user = (name: string, more: object = {}) => ({ name, user: more })
const context = (name: string, more: object = {}) => ({
  name,
  context: { cluster: name, user: name, ...more },
})
const kubeconfig = (name: string, clusterMore: object = {}, userMore: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [cluster(name, clusterMore)],
  users: [user(name, userMore)],
  contexts: [context(name)],
  'current-context': name,
})

const load = (options: ConfigOptions) =>
  loadConfig({ env: {}, serviceAccount: join(folder, 'none'), ...options })

const complaint = (options: ConfigOptions): string => {
  try {
    load(options)
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UserError)
    if (thrown instanceof UserError) {
      expect(thrown.exit).toBe(6)
      return `${thrown.message}\n${thrown.hint ?? ''}`.replaceAll(folder, '~')
    }
  }
  throw new Error('nothing was complained about')
}

describe('which kubeconfig', () => {
  test('--kubeconfig, then $KUBECONFIG, then ~/.kube/config, then the pod', () => {
    const [flag, listed] = [file('flag', kubeconfig('flag')), file('listed', kubeconfig('listed'))]
    file('home/.kube/config', kubeconfig('home'))
    file('sa/token', 'token')
    const pod = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' }
    const all = { ...pod, KUBECONFIG: listed, HOME: join(folder, 'home') }
    const serviceAccount = join(folder, 'sa')
    expect(load({ kubeconfig: flag, env: all, serviceAccount }).server).toBe('https://flag:6443')
    expect(load({ env: all, serviceAccount }).server).toBe('https://listed:6443')
    expect(load({ env: { ...all, KUBECONFIG: '' }, serviceAccount }).server).toBe('https://home:6443')
    expect(load({ env: { ...pod, HOME: join(folder, 'nobody') }, serviceAccount }).server).toBe(
      'https://10.96.0.1:443',
    )
  })

  test('several are laid over each other: the first of a name counts, and missing files do not', () => {
    const first = file('first', { ...kubeconfig('a'), 'current-context': '' })
    const second = file('second', {
      ...kubeconfig('b'),
      clusters: [cluster('a', { server: 'https://other' }), cluster('b')],
    })
    const env = { KUBECONFIG: [join(folder, 'missing'), first, second].join(':') }
    expect(load({ env }).server).toBe('https://b:6443')
    expect(load({ env, context: 'a' }).server).toBe('https://a:6443')
  })

  test('paths in it are relative to its folder, in each of several', () => {
    const files = {
      'certificate-authority': 'pki/ca.crt',
    }
    const users = {
      'client-certificate': './client.crt',
      'client-key': '/abs/client.key',
      tokenFile: 'token',
    }
    const one = file('x/one', kubeconfig('one', files, users))
    const two = file('y/two', kubeconfig('two', files, { exec: execOf({ command: './login', args: ['a'] }) }))
    const env = { KUBECONFIG: `${one}:${two}` }
    const target = load({ env })
    expect(target.ca).toEqual({ file: join(folder, 'x/pki/ca.crt') })
    expect(target.user.cert).toEqual({ file: join(folder, 'x/client.crt') })
    expect(target.user.key).toEqual({ file: '/abs/client.key' })
    expect(target.user.tokenFile).toBe(join(folder, 'x/token'))
    const other = load({ env, context: 'two' })
    expect(other.ca).toEqual({ file: join(folder, 'y/pki/ca.crt') })
    expect(other.user.exec?.command).toBe(join(folder, 'y/login'))
  })

  test('a plugin without a path is looked up in $PATH', () => {
    const path = file('in-path', kubeconfig('c', {}, { exec: execOf({ command: 'kubelogin' }) }))
    expect(load({ kubeconfig: path }).user.exec?.command).toBe('kubelogin')
  })
})

const execOf = (more: object) => ({ apiVersion: 'client.authentication.k8s.io/v1', ...more })

describe('what is in it', () => {
  test('everything of a cluster', () => {
    const path = file(
      'cluster',
      kubeconfig('c', {
        server: 'https://rancher/k8s/clusters/c-1/',
        'certificate-authority-data': btoa('PEM'),
        'certificate-authority': 'counts-less',
        'tls-server-name': 'api.internal',
        'insecure-skip-tls-verify': true,
        'proxy-url': 'http://proxy:3128',
      }),
    )
    expect(load({ kubeconfig: path })).toEqual({
      origin: `context "c" of ${path}`,
      context: 'c',
      namespace: undefined,
      server: 'https://rancher/k8s/clusters/c-1',
      ca: { text: 'PEM' },
      serverName: 'api.internal',
      insecure: true,
      proxyUrl: 'http://proxy:3128',
      user: {
        name: 'c',
        cert: undefined,
        key: undefined,
        token: undefined,
        tokenFile: undefined,
        exec: undefined,
        basic: undefined,
        impersonate: {},
      },
    })
  })

  test('everything of a plugin', () => {
    const exec = execOf({
      command: 'kubelogin',
      args: ['get-token', '--tenant', 5],
      env: [{ name: 'A', value: 'b' }],
      installHint: 'brew install kubelogin\n',
      interactiveMode: 'Never',
      provideClusterInfo: true,
    })
    expect(load({ kubeconfig: file('exec', kubeconfig('c', {}, { exec })) }).user.exec).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'kubelogin',
      args: ['get-token', '--tenant', '5'],
      env: { A: 'b' },
      installHint: 'brew install kubelogin',
      interactiveMode: 'Never',
      provideClusterInfo: true,
    })
  })

  test('impersonation is sent or refused, never left out', () => {
    const as = { as: 'jane', 'as-uid': '7', 'as-groups': ['devs'], 'as-user-extra': { 'a/b': ['c'] } }
    expect(load({ kubeconfig: file('as', kubeconfig('c', {}, as)) }).user.impersonate).toEqual({
      'Impersonate-User': 'jane',
      'Impersonate-Uid': '7',
      'Impersonate-Group': 'devs',
      'Impersonate-Extra-a%2Fb': 'c',
    })
    const groups = file('groups', kubeconfig('c', {}, { as: 'jane', 'as-groups': ['a', 'b'] }))
    expect(complaint({ kubeconfig: groups })).toContain('srouter can send one value of "as-groups", not 2')
  })

  test('an unusable entry harms nobody who does not use it', () => {
    const config = kubeconfig('good')
    const path = file('mixed', { ...config, clusters: [{ name: 'bad', cluster: {} }, ...config.clusters] })
    expect(load({ kubeconfig: path }).server).toBe('https://good:6443')
  })

  test('a pod', () => {
    file('pod/token', 'token')
    file('pod/namespace', 'srouter-system\n')
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443', HOME: '/nobody' }
    const target = load({ env, serviceAccount: join(folder, 'pod') })
    expect(target.server).toBe('https://[fd00::1]:443')
    expect(target.namespace).toBe('srouter-system')
    expect(target.ca).toEqual({ file: join(folder, 'pod/ca.crt') })
    expect(target.user.tokenFile).toBe(join(folder, 'pod/token'))
  })
})

describe('what is wrong with it', () => {
  const config = (name: string, content: unknown) => ({ kubeconfig: file(name, content) })
  const withUser = (name: string, more: object) => config(name, kubeconfig('c', {}, more))

  const rows: readonly [string, () => ConfigOptions, string][] = [
    [
      'there is none',
      () => ({ env: { HOME: '/nobody' } }),
      'there is no kubeconfig: --kubeconfig and $KUBECONFIG',
    ],
    [
      'the named one is missing',
      () => ({ kubeconfig: join(folder, 'missing') }),
      '--kubeconfig names ~/missing, which does not exist',
    ],
    [
      'all of the listed ones are missing',
      () => ({ env: { KUBECONFIG: `${folder}/m1:${folder}/m2` } }),
      '$KUBECONFIG names ~/m1, ~/m2, which do not exist',
    ],
    ['it is a folder', () => ({ kubeconfig: folder }), 'the kubeconfig ~ cannot be read: EISDIR'],
    ['it is no YAML', () => config('broken', 'a: [b'), 'the kubeconfig ~/broken is not valid YAML'],
    ['it is something else', () => config('text', 'hello'), '~/text is no kubeconfig'],
    ['it is empty', () => config('empty', ''), 'no context is chosen in ~/empty\nIt has no contexts.'],
    [
      'a context that is not there',
      () => ({ ...config('ctx', kubeconfig('staging')), context: 'stagin' }),
      'there is no context "stagin" in ~/ctx\nDid you mean "staging"? Contexts: staging.',
    ],
    [
      'a current context that is not there',
      () => config('cur', { ...kubeconfig('a'), 'current-context': 'production' }),
      'the current context "production" is not in ~/cur\nContexts: a.',
    ],
    [
      'no current context',
      () => config('nocur', { ...kubeconfig('a'), 'current-context': '' }),
      'no context is chosen in ~/nocur\nContexts: a. Choose one with --context',
    ],
    [
      'a cluster that is not there',
      () => config('noc', { ...kubeconfig('a'), clusters: [] }),
      'context "a" of ~/noc names the cluster "a", which is missing',
    ],
    [
      'a user that is not there',
      () => config('nou', { ...kubeconfig('a'), users: [] }),
      'context "a" of ~/nou names the user "a", which is missing',
    ],
    [
      'a server that is no address',
      () => config('srv', kubeconfig('a', { server: '10.0.0.1:6443' })),
      'has the server "10.0.0.1:6443", which is no https:// address',
    ],
    [
      'an auth-provider',
      () => withUser('ap', { 'auth-provider': { name: 'azure' } }),
      'kubelogin convert-kubeconfig',
    ],
    [
      'a plugin without a command',
      () => withUser('nocmd', { exec: execOf({}) }),
      'the user "c" has no command',
    ],
    [
      'a plugin of an old version',
      () =>
        withUser('alpha', { exec: { command: 'x', apiVersion: 'client.authentication.k8s.io/v1alpha1' } }),
      'not client.authentication.k8s.io/v1 or v1beta1',
    ],
  ]
  test.each(rows)('%s', (_, options, expected) => {
    expect(complaint(options())).toContain(expected)
  })

  test('--context without a kubeconfig in a pod', () => {
    file('pod2/token', 'token')
    const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443', HOME: '/nobody' }
    expect(complaint({ env, context: 'dev', serviceAccount: join(folder, 'pod2') })).toContain(
      'there is no context "dev": without a kubeconfig the service account of the pod is used',
    )
  })

  test.skipIf(process.getuid?.() === 0)('a file that may not be read', () => {
    const path = file('secret', kubeconfig('a'))
    chmodSync(path, 0)
    expect(complaint({ kubeconfig: path })).toContain('cannot be read: EACCES')
  })
})
