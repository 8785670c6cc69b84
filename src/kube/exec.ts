import { messageOf } from '../lib/errors.ts'
import { type Credential, type Credentials, sameCredential, textOf } from './credential.ts'
import { isRecord, unusable } from './kubeconfig.ts'
import type { ExecPlugin, KubeTarget } from './target.ts'
import type { Timing } from './timing.ts'

/** A plugin that can ask nobody and still does not come back hangs; the daemon must not hang with it. */
const silentLimitMs = 60_000
/** A token is renewed a little before it expires, as the request has still to travel. */
const earlyMs = 10_000

/** What a plugin gave, kept until it expires. One run at a time: 32 requests that wait for a login want one login. */
export const execCredentials = (target: KubeTarget, plugin: ExecPlugin, timing: Timing): Credentials => {
  let held: Issued | undefined
  let running: Promise<Credential> | undefined
  const run = (): Promise<Credential> => {
    running ??= runPlugin(target, plugin, timing)
      .then(issued => {
        held = issued
        return issued.credential
      })
      .finally(() => {
        running = undefined
      })
    return running
  }
  return {
    current: async () =>
      held !== undefined && timing.now() < held.renewAt && running === undefined ? held.credential : run(),
    renew: async refused => {
      // Another request may have renewed it while this one was under way.
      if (held !== undefined && !sameCredential(held.credential, refused)) return held.credential
      const next = await run()
      return sameCredential(next, refused) ? undefined : next
    },
  }
}

interface Issued {
  readonly credential: Credential
  /** Milliseconds since the epoch; Infinity where it does not expire. */
  readonly renewAt: number
}

const runPlugin = async (target: KubeTarget, plugin: ExecPlugin, timing: Timing): Promise<Issued> => {
  const name = `the exec plugin "${plugin.command}" of ${target.origin}`
  const interactive = plugin.interactiveMode !== 'Never' && process.stdin.isTTY === true
  if (plugin.interactiveMode === 'Always' && !interactive)
    throw unusable(`${name} needs a terminal, and there is none`)
  const asked = timing.now()
  const output = await outputOf(target, plugin, name, interactive)
  let parsed: unknown
  try {
    parsed = JSON.parse(output)
  } catch {
    // Not shown: it may be a token.
    throw unusable(`${name} printed ${output.length} characters that are no JSON`)
  }
  return issuedOf(parsed, plugin, name, asked)
}

const outputOf = async (
  target: KubeTarget,
  plugin: ExecPlugin,
  name: string,
  interactive: boolean,
): Promise<string> => {
  const child = start(target, plugin, name, interactive)
  const timer = interactive ? undefined : setTimeout(() => child.kill(), silentLimitMs)
  try {
    const [output, complaint, code] = await Promise.all([
      new Response(child.stdout).text(),
      passOn(child.stderr),
      child.exited,
    ])
    if (code === 0) return output
    const ended = child.signalCode === null ? `ended with code ${code}` : `was ended by ${child.signalCode}`
    throw unusable(`${name} ${ended}${complaint === '' ? '' : `: ${complaint}`}`, loginHint)
  } finally {
    clearTimeout(timer)
  }
}

const loginHint = 'Log in again (az login, aws sso login, gcloud auth login …), or run the plugin by hand.'

const start = (target: KubeTarget, plugin: ExecPlugin, name: string, interactive: boolean) => {
  try {
    return Bun.spawn([plugin.command, ...plugin.args], {
      env: { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: execInfo(target, plugin, interactive) },
      stdin: interactive ? 'inherit' : 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
  } catch (thrown) {
    throw unusable(`${name} cannot be started: ${messageOf(thrown)}`, plugin.installHint)
  }
}

const execInfo = (target: KubeTarget, plugin: ExecPlugin, interactive: boolean): string => {
  const ca = textOf(target.ca, 'certificate authority')
  const cluster = {
    server: target.server,
    'tls-server-name': target.serverName,
    'insecure-skip-tls-verify': target.insecure || undefined,
    'certificate-authority-data': ca === undefined ? undefined : Buffer.from(ca).toString('base64'),
    'proxy-url': target.proxyUrl,
  }
  return JSON.stringify({
    apiVersion: plugin.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive, ...(plugin.provideClusterInfo ? { cluster } : {}) },
  })
}

/** Shows a plugin's stderr while it runs ("To sign in, open https://… and enter the code …") and gives its last part. */
const passOn = async (stream: ReadableStream<Uint8Array>): Promise<string> => {
  const decoder = new TextDecoder()
  let last = ''
  for await (const chunk of stream) {
    process.stderr.write(chunk)
    last = (last + decoder.decode(chunk, { stream: true })).slice(-500)
  }
  return last.trim()
}

const issuedOf = (parsed: unknown, plugin: ExecPlugin, name: string, asked: number): Issued => {
  const status = isRecord(parsed) && parsed.kind === 'ExecCredential' ? parsed.status : undefined
  if (!isRecord(status)) throw unusable(`${name} printed no ExecCredential with a status`)
  if (isRecord(parsed) && parsed.apiVersion !== plugin.apiVersion)
    throw unusable(
      `${name} answered with ${String(parsed.apiVersion)}, but the kubeconfig asks for ${plugin.apiVersion}`,
    )
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status
  const credential: Credential = {
    ...(typeof token === 'string' && token !== '' ? { authorization: `Bearer ${token}` } : {}),
    ...(typeof cert === 'string' && typeof key === 'string' && cert !== '' ? { cert, key } : {}),
  }
  if (credential.authorization === undefined && credential.cert === undefined)
    throw unusable(`${name} gave neither a token nor a client certificate with its key`)
  const expires = typeof expirationTimestamp === 'string' ? Date.parse(expirationTimestamp) : Number.NaN
  if (Number.isNaN(expires)) return { credential, renewAt: Number.POSITIVE_INFINITY }
  // A tenth of a short life, so that a plugin is not run for every single request.
  return { credential, renewAt: expires - Math.min(earlyMs, Math.max(0, expires - asked) / 10) }
}
