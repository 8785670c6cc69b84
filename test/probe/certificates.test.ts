import { describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import type { ProbeOutcome } from '../../src/api/probe-outcome.ts'
import { createAuthority, createSelfSigned, type KeyPair } from '../lab/certificates.ts'
import { answer, listen } from './listener.ts'
import { ask, askElsewhere, host, https, said, trusted } from './support.ts'

const past = new Date('2020-02-03T04:05:06Z')
const future = new Date('2120-02-03T04:05:06Z')

const probed = async (pair: KeyPair, more: Parameters<typeof https>[1] = {}): Promise<ProbeOutcome> => {
  await using listener = listen({ tls: pair, asked: answer('200 OK') })
  const outcome = await ask(await https(listener.port, more))
  // Nothing is said to whom nobody trusts.
  expect(listener.requests()).toHaveLength(outcome.ok ? 1 : 0)
  await listener.empty()
  return outcome
}

describe('a certificate', () => {
  const own = async () => (await trusted()).authority
  const rows: readonly [what: string, pair: () => Promise<KeyPair>, is: string][] = [
    ['of the host', async () => (await own()).issueServer([host]), 'up'],
    ['of its domain', async () => (await own()).issueServer(['*.example.com']), 'up'],
    [
      'of another host',
      async () => (await own()).issueServer(['a.example.com']),
      'CertificateInvalid: the certificate is for a.example.com, and not for gw.example.com',
    ],
    [
      'of a domain above',
      async () => (await own()).issueServer(['*.com']),
      'CertificateInvalid: the certificate is for *.com, and not for gw.example.com',
    ],
    [
      'of many others',
      async () => (await own()).issueServer(['a.x', 'b.x', '10.0.0.1', 'c.x', 'd.x']),
      'CertificateInvalid: the certificate is for a.x, b.x, 10.0.0.1 and 2 more, and not for gw.example.com',
    ],
    [
      'of a host with a long name',
      async () => (await own()).issueServer([`${'a'.repeat(100)}.x`]),
      `CertificateInvalid: the certificate is for ${'a'.repeat(57)}..., and not for gw.example.com`,
    ],
    [
      'that has expired',
      async () => (await own()).issueServer([host], { notAfter: past }),
      'CertificateInvalid: the certificate expired on 2020-02-03T04:05:06Z',
    ],
    [
      'that is not valid yet',
      async () => (await own()).issueServer([host], { notBefore: future, notAfter: new Date('2121-01-01') }),
      'CertificateInvalid: the certificate is not valid before 2120-02-03T04:05:06Z',
    ],
    [
      'that is self-signed',
      () => createSelfSigned([host]),
      'CertificateInvalid: the certificate is self-signed, and not one that is trusted',
    ],
    [
      'of an unknown CA',
      async () => (await createAuthority('other CA')).issueServer([host]),
      'CertificateInvalid: the certificate is issued by "other CA", which is not trusted, or whose own certificate is not sent along',
    ],
    [
      'of an unknown CA that is sent along',
      async () => {
        const other = await createAuthority('other CA')
        const { cert, key } = await other.issueServer([host])
        return { cert: `${cert}\n${other.cert}`, key }
      },
      'CertificateInvalid: the certificate is issued by "other CA", and the root that is sent along is not trusted',
    ],
    [
      'of a CA whose name does things',
      async () => (await createAuthority('\x1b[31mred\r\n::error::x\u202e\0')).issueServer([host]),
      'CertificateInvalid: the certificate is issued by "?[31mred??::error::x??", which is not trusted, or whose own certificate is not sent along',
    ],
    [
      'that is for clients',
      async () => (await own()).issueClient('a', []),
      'CertificateInvalid: the certificate is not one for servers',
    ],
  ]
  for (const [what, pair, is] of rows)
    test(what, async () => expect(said(await probed(await pair()))).toBe(is))

  test('names that do things do nothing, and no message is long', async () => {
    const { authority } = await trusted()
    const names = ['\x1b[31m', 'a\r\nb', '", DNS:gw.example.com', 'x\0y', 'e'.repeat(5_000)]
    for (const name of names) {
      const outcome = await probed(await authority.issueServer([name]))
      if (outcome.ok) throw new Error(`${JSON.stringify(name)} passes for ${host}`)
      expect(outcome.failure).toBe('CertificateInvalid')
      expect(outcome.message).toMatch(/^[\x20-\x7e]{1,300}$/)
    }
  })
})

test('without a host it is the address that the certificate must be for, and there is no SNI', async () => {
  const { authority } = await trusted()
  for (const [names, is] of [
    [['127.0.0.1'], 'up'],
    [[host], 'CertificateInvalid: the certificate is for gw.example.com, and not for 127.0.0.1'],
  ] as const) {
    await using listener = listen({ tls: await authority.issueServer(names), asked: answer('200 OK') })
    const { host: _, ...target } = await https(listener.port)
    expect(said(await ask(target))).toBe(is)
    expect(listener.serverNames()).toEqual([undefined])
  }
})

test('SNI has the host, each time in a session of its own', async () => {
  const { pair } = await trusted()
  const sessions: (readonly [string | false | null, boolean])[] = []
  const server = createServer(pair, socket => {
    sessions.push([socket.servername, socket.isSessionReused()])
    socket.on('error', () => {})
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as { readonly port: number }
    for (let i = 0; i < 3; i++) expect(said(await ask(await https(port)))).toBe('up')
    expect(sessions).toEqual(Array.from({ length: 3 }, () => [host, false]))
  } finally {
    server.close()
  }
})

describe('a CA bundle', () => {
  test('of several counts whole', async () => {
    const { authority, pair } = await trusted()
    const other = await createAuthority('other CA')
    for (const certs of [
      [authority.cert, other.cert],
      [other.cert, authority.cert],
      ['# ours', other.cert, '', authority.cert, ''],
    ])
      expect(said(await probed(pair, { caBundle: certs.join('\n') }))).toBe('up')
  })

  test('counts alone, also beside those that the system trusts', async () => {
    const { authority, pair } = await trusted()
    const other = await createAuthority('other CA')
    const folder = mkdtempSync(join(tmpdir(), 'srouter-probe-'))
    const file = join(folder, 'ca.pem')
    writeFileSync(file, authority.cert)
    try {
      await using listener = listen({ tls: pair, asked: answer('200 OK') })
      const { caBundle: _, ...target } = await https(listener.port)
      const environment = { SSL_CERT_FILE: file, NODE_EXTRA_CA_CERTS: file }
      expect(await askElsewhere(target, environment)).toBe('up')
      expect(await askElsewhere({ ...target, caBundle: other.cert }, environment)).toStartWith(
        'CertificateInvalid: ',
      )
      // And that variable is not what made the first one pass by chance.
      expect(await askElsewhere(target, {})).toStartWith('CertificateInvalid: ')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  for (const [what, caBundle] of [
    ['without certificates', ''],
    ['of spaces', ' \n'],
    ['of rubbish', 'rubbish'],
    ['of a broken certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ] as const)
    test(`${what} trusts nobody`, async () => {
      const outcome = await probed((await trusted()).pair, { caBundle })
      expect(said(outcome)).toBe(
        'CertificateInvalid: the CA bundle of the probe is no list of PEM certificates',
      )
    })
})

describe('a gateway that demands a certificate of its client', () => {
  const demanding = async (pair: KeyPair) => ({
    tls: { ...pair, ca: (await trusted()).authority.cert, requestCert: true, rejectUnauthorized: true },
    asked: answer('200 OK'),
  })

  test('is up, because it has shown its own', async () => {
    await using listener = listen(await demanding((await trusted()).pair))
    expect(said(await ask(await https(listener.port)))).toBe('up')
    expect(listener.requests()).toEqual([])
    await listener.empty()
  })

  test('is not, where its own is wrong', async () => {
    await using listener = listen(await demanding(await createSelfSigned([host])))
    expect(said(await ask(await https(listener.port)))).toBe(
      'CertificateInvalid: the certificate is self-signed, and not one that is trusted',
    )
    await listener.empty()
  })
})
