import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '../../src/kube/client.ts'
import { KubeError } from '../../src/kube/error.ts'
import type { ExecPlugin, KubeUser } from '../../src/kube/target.ts'
import { authority, status, tlsServer } from './support/fake-server.ts'
import { targetOf, type Where } from './support/target.ts'
import { type FakeTiming, fakeTiming } from './support/timing.ts'

const version = { verb: 'get', on: { path: '/version' } } as const

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'srouter-credentials-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Answers with the token it was given; 401 for every other than those in `good`. */
const checking = (good?: readonly string[]) =>
  tlsServer(request => {
    const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? ''
    return good === undefined || good.includes(token)
      ? Response.json({ token })
      : status(401, 'Unauthorized', 'Unauthorized')
  })

const clientFor = (where: Where, user: Partial<KubeUser>, timing?: FakeTiming) =>
  createClient(targetOf(where, { user: { name: 'someone', impersonate: {}, ...user } }), {
    env: {},
    ...(timing === undefined ? {} : { timing }),
  })

const ask = async (client: { json<T>(request: typeof version): Promise<T> }): Promise<string> =>
  (await client.json<{ token: string }>(version)).token

describe('a token file', () => {
  test('is read again after a minute', async () => {
    await using server = checking()
    const tokenFile = join(folder, 'rotated')
    const timing = fakeTiming()
    writeFileSync(tokenFile, 'one\n')
    const client = clientFor(server, { tokenFile }, timing)
    expect(await ask(client)).toBe('one')
    writeFileSync(tokenFile, 'two\n')
    timing.advance(59_000)
    expect(await ask(client)).toBe('one')
    timing.advance(1_000)
    expect(await ask(client)).toBe('two')
  })

  test('is read again when the server refuses the token, once', async () => {
    await using server = checking(['two'])
    const tokenFile = join(folder, 'refused')
    writeFileSync(tokenFile, 'one')
    const client = clientFor(server, { tokenFile })
    await expect(ask(client)).rejects.toThrow('does not accept the credentials')
    expect(server.requests.length).toBe(1)
    writeFileSync(tokenFile, 'two')
    expect(await ask(client)).toBe('two')
    expect(server.requests.length).toBe(3)
  })

  test('that vanishes for a moment does no harm; one that never was there does', async () => {
    await using server = checking()
    const tokenFile = join(folder, 'vanishing')
    await expect(ask(clientFor(server, { tokenFile }))).rejects.toThrow(
      `the token ${tokenFile} cannot be read`,
    )
    writeFileSync(tokenFile, 'one')
    const timing = fakeTiming()
    const client = clientFor(server, { tokenFile }, timing)
    await ask(client)
    rmSync(tokenFile)
    timing.advance(61_000)
    expect(await ask(client)).toBe('one')
  })

  test('counts before a token', async () => {
    await using server = checking()
    const tokenFile = join(folder, 'before')
    writeFileSync(tokenFile, 'from-file')
    expect(await ask(clientFor(server, { tokenFile, token: 'other' }))).toBe('from-file')
  })
})

describe('a refused credential says what can be seen of it', () => {
  const complaint = async (user: Partial<KubeUser>) => {
    await using server = checking([])
    const thrown: unknown = await clientFor(server, user)
      .json(version)
      .catch(error => error)
    if (!(thrown instanceof KubeError)) throw thrown
    return `${thrown.message}\n${thrown.hint}`
  }

  test('a token that has expired', async () => {
    const claims = Buffer.from(JSON.stringify({ exp: 1_700_000_000 })).toString('base64url')
    expect(await complaint({ token: `e30.${claims}.c2ln` })).toContain(
      'the token expired at 2023-11-14T22:13:20.000Z',
    )
  })

  test('a certificate that has expired', async () => {
    const pair = await authority.issueClient('jo', [], new Date('2026-01-02T03:04:05Z'))
    const said = await complaint({ cert: { text: pair.cert }, key: { text: pair.key } })
    expect(said).toContain('the client certificate expired at 2026-01-02T03:04:05.000Z')
  })

  test('anything else, and what to do', async () => {
    expect(await complaint({ token: 'opaque' })).toMatch(
      /^https:\/\/127.0.0.1:\d+ does not accept the credentials of context "test" of a test: Unauthorized\nPut a new token into the kubeconfig/,
    )
    expect(await complaint({})).toContain('has neither certificate nor token nor exec plugin')
  })
})

/** A plugin that prints `answer` and counts its runs in a file. */
const pluginOf = (name: string, answer: string, more: Partial<ExecPlugin> = {}) => {
  const command = join(folder, name)
  const runs = `${command}.runs`
  writeFileSync(command, `#!/bin/sh\necho run >> '${runs}'\n${answer}\n`)
  chmodSync(command, 0o755)
  const plugin: ExecPlugin = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    args: [],
    env: {},
    interactiveMode: 'Never',
    provideClusterInfo: false,
    ...more,
  }
  const count = () => (existsSync(runs) ? readFileSync(runs, 'utf8').trim().split('\n').length : 0)
  return { plugin, count }
}

const credential = (fields: object) =>
  JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: fields })

/** Prints what stands in the file at the moment. */
const printing = (name: string) => {
  const file = join(folder, `${name}.json`)
  return { say: (fields: object) => writeFileSync(file, credential(fields)), script: `cat '${file}'` }
}

describe('an exec plugin', () => {
  test('is run once for many requests, also when they come together', async () => {
    await using server = checking()
    const { plugin, count } = pluginOf('once', `echo '${credential({ token: 'one' })}'`)
    const client = clientFor(server, { exec: plugin })
    await Promise.all(Array.from({ length: 10 }, () => ask(client)))
    expect(await ask(client)).toBe('one')
    expect(count()).toBe(1)
  })

  test('is run again shortly before the token expires', async () => {
    await using server = checking()
    const { say, script } = printing('expiring')
    const timing = fakeTiming()
    const inSeconds = (seconds: number) => new Date(timing.now() + seconds * 1000).toISOString()
    const { plugin, count } = pluginOf('expiring', script)
    const client = clientFor(server, { exec: plugin }, timing)
    say({ token: 'one', expirationTimestamp: inSeconds(600) })
    expect(await ask(client)).toBe('one')
    say({ token: 'two', expirationTimestamp: inSeconds(1200) })
    timing.advance(589_000)
    expect(await ask(client)).toBe('one')
    timing.advance(2_000)
    expect(await ask(client)).toBe('two')
    expect(count()).toBe(2)
  })

  test('is run again when the server refuses the token, once', async () => {
    await using server = checking(['two'])
    const { say, script } = printing('refused')
    const { plugin, count } = pluginOf('refused-plugin', script)
    const client = clientFor(server, { exec: plugin })
    say({ token: 'one' })
    await expect(ask(client)).rejects.toThrow('does not accept the credentials')
    expect(count()).toBe(2)
    say({ token: 'two' })
    expect(await ask(client)).toBe('two')
    expect(count()).toBe(3)
  })

  test('is told the cluster and its environment', async () => {
    await using server = checking()
    const { plugin } = pluginOf(
      'informed',
      // The information has quotes, so it travels as hexadecimal digits.
      `hex=$(printf '%s|%s|%s' "$1" "$EXTRA" "$KUBERNETES_EXEC_INFO" | od -An -tx1 | tr -d ' \\n')
       echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'$hex'"}}'`,
      { args: ['get-token'], env: { EXTRA: 'more' }, provideClusterInfo: true },
    )
    const told = Buffer.from(await ask(clientFor(server, { exec: plugin })), 'hex').toString()
    const [arg, extra, info = ''] = told.split('|')
    expect([arg, extra]).toEqual(['get-token', 'more'])
    expect(JSON.parse(info)).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: {
          server: server.url,
          'insecure-skip-tls-verify': undefined,
          'certificate-authority-data': btoa(authority.cert),
        },
      },
    })
  })

  const rows: readonly [string, string, Partial<ExecPlugin>, string][] = [
    ['fails', 'echo "please log in" >&2; exit 3', {}, 'ended with code 3: please log in'],
    ['prints nonsense', 'echo hello', {}, 'printed 6 characters that are no JSON'],
    ['prints something else', "echo '{}'", {}, 'printed no ExecCredential with a status'],
    ['gives nothing', `echo '${credential({})}'`, {}, 'gave neither a token nor a client certificate'],
    [
      'speaks another version',
      `echo '${credential({ token: 'a' }).replace('/v1', '/v1beta1')}'`,
      {},
      'answered with client.authentication.k8s.io/v1beta1, but the kubeconfig asks for client.authentication.k8s.io/v1',
    ],
    ['wants a terminal', 'true', { interactiveMode: 'Always' }, 'needs a terminal, and there is none'],
  ]
  test.each(rows)('that %s is an error with words', async (name, script, more, expected) => {
    await using server = checking()
    const { plugin } = pluginOf(name.replaceAll(' ', '-'), script, more)
    await expect(ask(clientFor(server, { exec: plugin }))).rejects.toThrow(expected)
    expect(server.requests).toEqual([])
  })

  test('that is not installed gives its own hint', async () => {
    await using server = checking()
    const { plugin } = pluginOf('absent', '', { command: 'no-such-plugin', installHint: 'brew install it' })
    const thrown = await ask(clientFor(server, { exec: plugin })).catch(error => error)
    expect(thrown.message).toContain(
      'the exec plugin "no-such-plugin" of context "test" of a test cannot be started',
    )
    expect(thrown.hint).toBe('brew install it')
  })
})
