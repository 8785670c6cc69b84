import { join } from 'node:path'
import type { ProbeOutcome, ProbeTarget } from '../../src/api/probe-outcome.ts'
import { probe } from '../../src/probe/probe.ts'
import { type Authority, createAuthority, type KeyPair } from '../lab/certificates.ts'

export const host = 'gw.example.com'

/** Long enough for a busy machine. */
export const patient = 20
/** For what shall run into its time-out. */
export const brief = 0.3

let made: Promise<{ readonly authority: Authority; readonly pair: KeyPair }> | undefined

/** A CA and a certificate of it for `host`. */
export const trusted = (): Promise<{ readonly authority: Authority; readonly pair: KeyPair }> => {
  made ??= (async () => {
    const authority = await createAuthority('test CA')
    return { authority, pair: await authority.issueServer([host]) }
  })()
  return made
}

export const https = async (port: number, more: Partial<ProbeTarget> = {}): Promise<ProbeTarget> => ({
  scheme: 'HTTPS',
  host,
  port,
  path: '/',
  timeoutSeconds: patient,
  caBundle: (await trusted()).authority.cert,
  ...more,
})

export const http = (port: number, more: Partial<ProbeTarget> = {}): ProbeTarget => ({
  scheme: 'HTTP',
  host,
  port,
  path: '/',
  timeoutSeconds: patient,
  ...more,
})

export const tcp = (port: number, more: Partial<ProbeTarget> = {}): ProbeTarget => ({
  scheme: 'TCP',
  port,
  path: '/',
  timeoutSeconds: patient,
  ...more,
})

export const ask = (target: ProbeTarget, address = '127.0.0.1'): Promise<ProbeOutcome> =>
  probe(target, address, new AbortController().signal)

/** `up`, or failure and message, without the time. */
export const said = (outcome: ProbeOutcome): string =>
  outcome.ok ? 'up' : `${outcome.failure}: ${outcome.message}`

/** The same from a process that begins with these variables: some are only read then. */
export const askElsewhere = async (
  target: ProbeTarget,
  environment: Readonly<Record<string, string>>,
): Promise<string> => {
  const { SSL_CERT_FILE: _, SSL_CERT_DIR: __, NODE_EXTRA_CA_CERTS: ___, ...inherited } = process.env
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'ask.ts'), JSON.stringify(target)], {
    stdin: Buffer.from('127.0.0.1'),
    stdout: 'pipe',
    stderr: 'pipe',
    env: { ...inherited, ...environment },
  })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  if (code !== 0) throw new Error(`the probe elsewhere ended with ${code}: ${err}`)
  return out.trim()
}
