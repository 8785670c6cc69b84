import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { ProbeTarget } from '../../src/api/probe-outcome.ts'
import { probe } from '../../src/probe/probe.ts'
import { createAuthority } from './certificates.ts'
import { type Condition, loopbackAddresses, startGatewayListener } from './gateway-listener.ts'
import { freePorts } from './ports.ts'
import { talkTo } from './talk.ts'
import { waitFor } from './wait.ts'

const host = 'gw.example.com'

// Each stand-in is a process, and some are two.
setDefaultTimeout(60_000)

describe('a stand-in for a gateway', () => {
  test('becomes what it is told to, and is up again each time', async () => {
    const authority = await createAuthority('lab CA')
    const tls = await authority.issueServer([host])
    await using gateway = await startGatewayListener({ tls })
    const says = async (timeoutSeconds: number): Promise<string> => {
      const target: ProbeTarget = {
        scheme: 'HTTPS',
        host,
        port: gateway.port,
        path: '/healthz',
        timeoutSeconds,
        caBundle: authority.cert,
      }
      const outcome = await probe(target, gateway.address, new AbortController().signal)
      return outcome.ok ? 'up' : outcome.failure
    }
    const certificate = await authority.issueServer(['other.example.com'])
    const rows: readonly [condition: Condition, is: string, timeoutSeconds: number][] = [
      ['closed', 'Refused', 20],
      ['failing', 'WrongStatus', 20],
      ['silent', 'TimedOut', 0.5],
      [{ slowMs: 60_000 }, 'TimedOut', 0.5],
      [{ slowMs: 10 }, 'up', 20],
      [{ certificate }, 'CertificateInvalid', 20],
    ]
    expect(await says(20)).toBe('up')
    for (const [condition, is, timeoutSeconds] of rows) {
      await gateway.become(condition)
      expect([condition, await says(timeoutSeconds)]).toEqual([condition, is])
      await gateway.become('up')
      expect([condition, await says(20)]).toEqual([condition, 'up'])
    }
  })

  test('conditions follow each other in any order', async () => {
    const authority = await createAuthority('lab CA')
    await using gateway = await startGatewayListener({ tls: await authority.issueServer([host]) })
    for (const condition of ['silent', 'closed', 'silent', 'failing', 'closed', 'up'] as const)
      await gateway.become(condition)
    expect(await gateway.answered()).toBe(0)
  })

  test('ends with whoever started it, also while it is silent', async () => {
    const authority = await createAuthority('lab CA')
    const tls = await authority.issueServer([host])
    const owner = talkTo([
      process.execPath,
      '-e',
      `import { startGatewayListener } from '${import.meta.dir}/gateway-listener.ts'
       const gateway = await startGatewayListener({ tls: ${JSON.stringify(tls)} })
       await gateway.become('silent')
       for await (const line of console) console.log(gateway.port)`,
    ])
    const port = Number(await owner.ask('port'))
    const target = { scheme: 'TCP', port, path: '/', timeoutSeconds: 0.5 } as const
    const says = () => probe(target, '127.0.0.1', new AbortController().signal)
    expect(await says()).toMatchObject({ failure: 'TimedOut' })
    await owner.end()
    const isClosed = async () => {
      const outcome = await says()
      return !outcome.ok && outcome.failure === 'Refused'
    }
    await waitFor(isClosed, { what: 'its port to be closed' })
  })

  test.skipIf(process.platform !== 'linux')(
    'has an address of its own, and its neighbour another',
    async () => {
      const authority = await createAuthority('lab CA')
      const tls = await authority.issueServer([host])
      const [port = 0] = freePorts(1)
      const [one = '', other = ''] = loopbackAddresses(2)
      await using up = await startGatewayListener({ tls, address: one, port })
      await using closed = await startGatewayListener({ tls, address: other, port })
      await closed.become('closed')
      const target = {
        scheme: 'HTTPS',
        host,
        port,
        path: '/',
        timeoutSeconds: 20,
        caBundle: authority.cert,
      } as const
      const { signal } = new AbortController()
      expect(await probe(target, up.address, signal)).toMatchObject({ ok: true })
      expect(await probe(target, closed.address, signal)).toMatchObject({ failure: 'Refused' })
      expect(await up.answered()).toBe(1)
      expect(await closed.answered()).toBe(0)
    },
  )
})
