import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createPrivateKey, sign } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { platform, policy, route } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { files } from '../lab/components.ts'
import { describeLab } from '../lab/suite.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { endpointRef, istioRef, routeRef } from './support/refs.ts'
import { type Srouter, srouterOn, srouterWith } from './support/srouter.ts'
import { conditionOf, versions } from './support/state.ts'
import { reading, userWith, writing } from './support/users.ts'
import { put } from './support/world.ts'

describeLab('who is not let in, or not everywhere', () => {
  let plane: ControlPlane
  const folder = mkdtempSync(join(tmpdir(), 'srouter-access-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  beforeAll(async () => {
    plane = await clusterPlane()
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    await put(plane, [...platform(), policy('b'), route('app', 'api'), route('b', 'web')])
  }, 60_000)

  /** Exit 6 from every command that needs the cluster, and nothing is written. */
  const refused = async (srouter: Srouter, ...said: readonly string[]) => {
    const before = await versions(plane)
    for (const command of [['plan'], ['apply', '--auto-approve']]) {
      const { code, out, err } = await srouter.run(command)
      expect([code, out]).toEqual([6, ''])
      for (const words of said) expect(err).toContain(words)
      expect(err).not.toMatch(/\n\s+at /)
    }
    expect(await versions(plane)).toEqual(before)
  }

  describe('by its credentials', () => {
    const kubeconfig = (user: object): Srouter => {
      const path = join(folder, 'kubeconfig')
      const cluster = { server: plane.url, 'certificate-authority-data': btoa(plane.ca) }
      const config = {
        clusters: [{ name: 'lab', cluster }],
        users: [{ name: 'me', user }],
        contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'me' } }],
        'current-context': 'lab',
      }
      writeFileSync(path, stringify(config))
      return srouterWith(path)
    }

    /** The API server gives no token for less than ten minutes, so one is signed here, with its own key. */
    const token = (expires: number): string => {
      const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const claims = {
        iss: 'https://kubernetes.default.svc',
        sub: 'system:serviceaccount:app:me',
        exp: expires,
      }
      const text = `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims)}`
      const key = createPrivateKey(readFileSync(join(plane.folder, files.signingKey)))
      const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
      return `${text}.${signature.toString('base64url')}`
    }

    /** An exec plugin that answers with the first line of its file, and takes it away unless it is the last. */
    const plugin = (credentials: readonly object[]): object => {
      const script = join(folder, 'login')
      const answers = join(folder, 'answers')
      const list = credentials.map(status =>
        JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }),
      )
      writeFileSync(answers, `${list.join('\n')}\n`)
      writeFileSync(
        script,
        `#!/bin/sh\nhead -n 1 ${answers}\necho ran >>${folder}/runs\n` +
          `if [ "$(wc -l <${answers})" -gt 1 ]; then sed -i 1d ${answers}; fi\n`,
      )
      chmodSync(script, 0o700)
      rmSync(join(folder, 'runs'), { force: true })
      const apiVersion = 'client.authentication.k8s.io/v1'
      return { exec: { apiVersion, command: script, interactiveMode: 'Never' } }
    }
    const runs = () =>
      existsSync(join(folder, 'runs'))
        ? readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n').length
        : 0

    const past = 1_700_000_000
    const expired = { expirationTimestamp: '2023-11-14T22:13:20Z' }

    test('a token that has expired', async () => {
      const said = 'the token expired at 2023-11-14T22:13:20.000Z'
      await refused(kubeconfig({ token: token(past) }), plane.url, said, 'new token into the kubeconfig')
    })

    test('an exec credential that has expired, and whose plugin knows no better', async () => {
      const srouter = kubeconfig(plugin([{ token: token(past), ...expired }]))
      await refused(srouter, 'the token expired at', 'log in again')
    })

    test('an exec credential that has expired is renewed', async () => {
      const { cert, key } = plane.admin
      const srouter = kubeconfig(
        plugin([{ token: token(past) }, { clientCertificateData: cert, clientKeyData: key }]),
      )
      expect(await srouter.run(['plan'])).toMatchObject({ code: 0, err: '' })
      expect(runs()).toBe(2)
    })

    test('an exec plugin that fails', async () => {
      const srouter = kubeconfig({
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: '/bin/false',
          interactiveMode: 'Never',
        },
      })
      await refused(srouter, 'the exec plugin "/bin/false"', 'ended with code 1', 'Log in again')
    })

    test('nobody', async () => {
      await refused(kubeconfig({}), 'forbidden: User "system:anonymous" cannot')
    })
  })

  describe('to read', () => {
    const rows = [
      ['routing.router.io', 'serviceroutes'],
      ['cluster.router.io', 'clusteridentities'],
      ['', 'services'],
      ['', 'namespaces'],
      ['externaldns.k8s.io', 'dnsendpoints'],
      ['networking.istio.io', 'gateways'],
    ] as const
    test.each(rows)('one type: %s %s', async (group, resource) => {
      const all: Readonly<Record<string, readonly string[]>> = {
        'cluster.router.io': ['clusteridentities', 'dnsconfigurations', 'regionfailovers'],
        'routing.router.io': ['gateways', 'dnspolicies', 'serviceroutes'],
        '': ['services', 'namespaces'],
        'externaldns.k8s.io': ['dnsendpoints'],
        'networking.istio.io': ['gateways'],
      }
      const allowed = (name: string, resources: readonly string[]) =>
        resources.filter(candidate => name !== group || candidate !== resource)
      const rules = Object.entries(all)
        .map(([name, resources]) => ({
          groups: [name],
          resources: allowed(name, resources),
          verbs: ['list'],
        }))
        .filter(rule => rule.resources.length > 0)
      const user = `without-${resource}-${group}`
      const srouter = await userWith(plane, user, rules)
      const named = group === '' ? resource : `${resource}.${group}`
      await refused(srouter, `not allowed to list ${named}`, user, `verb "list" on "${resource}"`)
    })

    test('all that is needed, and nothing else: a plan can be made', async () => {
      const srouter = await userWith(plane, 'reader', reading)
      expect(await srouter.run(['plan', '--detailed-exitcode'])).toMatchObject({ code: 2, err: '' })
    })
  })

  describe('to write', () => {
    test('anything: each object is named, and nothing is written', async () => {
      const srouter = await userWith(plane, 'reader', reading)
      const before = await versions(plane)
      const { code, out } = await srouter.apply()
      expect(code).toBe(5)
      const address = 'gateway-controller-igw-internal-internal-external-dns'
      const said = [
        `failed: create DNSEndpoint ingress/${address}-weu: not allowed to create dnsendpoints.externaldns.k8s.io`,
        `failed: create DNSEndpoint ingress/${address}-neu: not allowed to create`,
        'failed: create Gateway istio-system/internal: not allowed to create gateways.networking.istio.io',
        'failed: create DNSEndpoint app/api-external-dns-weu: not tried: writing the address of its target',
        'failed: create DNSEndpoint b/web-external-dns-weu: not tried: writing the address of its target',
        'failed: status of ServiceRoute app/api: not allowed to patch serviceroutes.routing.router.io/status',
        'Applied: 0 objects written, 5 failed',
      ]
      for (const words of said) expect(out).toContain(words)
      expect(await versions(plane)).toEqual(before)
    })

    test('in one namespace: the others are done, and the status says so', async () => {
      const [derived, statuses] = writing
      if (derived === undefined || statuses === undefined) throw new Error('writing has two rules')
      const elsewhere = { ...derived, namespaces: ['app', 'ingress', 'istio-system'] }
      const srouter = await userWith(plane, 'not-in-b', [...reading, elsewhere, statuses])
      const { code, out } = await srouter.apply()
      expect(code).toBe(5)
      expect(out.match(/^failed: .*/gm)).toEqual([
        expect.stringMatching(/^failed: create DNSEndpoint b\/web-external-dns-weu: not allowed to create/),
      ])
      expect(out).toContain('Applied: 4 objects written, 1 failed')
      expect(await plane.read(endpointRef('app', 'api-external-dns-weu'))).toBeDefined()
      expect(await plane.read(istioRef('istio-system', 'internal'))).toBeDefined()
      expect(conditionOf(await plane.read(routeRef('app', 'api')), 'Ready')).toStartWith('True ')
      const web = await plane.read(routeRef('b', 'web'))
      expect(web?.status).toMatchObject({ phase: 'Error' })
      expect(conditionOf(web, 'Ready')).toBe('False DNSEndpointGenerationFailed')

      // Once it is allowed, only that one is left to do.
      const { out: rest } = await srouterOn(plane).apply()
      expect(rest).toContain('Applied: 1 object written')
      expect(conditionOf(await plane.read(routeRef('b', 'web')), 'Ready')).toStartWith('True ')
    })

    test('statuses: the records are written all the same', async () => {
      const srouter = await userWith(plane, 'no-status', [...reading, ...writing.slice(0, 1)])
      const { code, out } = await srouter.apply()
      expect([code, out]).toEqual([5, expect.stringContaining('Applied: 5 objects written')])
      expect(out.match(/^failed: status of /gm)).toHaveLength(7)
      expect((await srouter.plan()).code).toBe(0)
    })

    test('what srouter needs, and nothing else, is enough', async () => {
      const srouter = await userWith(plane, 'writer', [...reading, ...writing])
      expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
      await put(plane, [route('app', 'api', { serviceName: 'other' })])
      await plane.remove(routeRef('b', 'web'))
      expect(await srouter.apply()).toMatchObject({ code: 0, err: '' })
      expect((await srouter.plan()).code).toBe(0)
    })
  })
})
