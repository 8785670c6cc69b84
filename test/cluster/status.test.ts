import { beforeAll, beforeEach, expect, test } from 'bun:test'
import { DNSEndpoint } from '../../src/api/kinds.ts'
import { refOf } from '../../src/api/object.ts'
import { platform, policy, route } from '../engine/build.ts'
import { srouter as srouterPath } from '../executable/process.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { edit } from './support/edit.ts'
import { clear, clusterPlane, listAll } from './support/plane.ts'
import { routeRef } from './support/refs.ts'
import { relayTo } from './support/relay.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { versions } from './support/state.ts'
import { ctrlC, inTerminal } from './support/terminal.ts'
import { userWith } from './support/users.ts'
import { put } from './support/world.ts'

describeLab('srouter status', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    await put(plane, [
      ...platform(),
      policy('b', { sourceRegion: 'neu' }),
      ...[route('app', 'api'), route('app', 'none', { gatewayName: 'none' }), route('b', 'web')],
    ])
    expect(await srouter.apply()).toMatchObject({ code: 0 })
    for (const endpoint of await listAll(plane, DNSEndpoint))
      await edit(plane, refOf(endpoint), { status: { observedGeneration: 1 } }, '/status')
    // The conditions follow from what ExternalDNS has read.
    expect(await srouter.apply()).toMatchObject({ code: 0 })
  }, 60_000)

  test('the counts, the zones, the Gateways and every route; nothing is written', async () => {
    const before = await versions(plane)
    const { code, out, err } = await srouter.run(['status'])
    expect([code, err]).toEqual([0, ''])
    const lines = out.split('\n')
    expect(lines.slice(0, 6)).toEqual([
      'Cluster aks01-weu, domain aks.example.com',
      '  routes    3: 1 Active, 2 Pending (1 DNSPolicyInactive, 1 GatewayNotFound)',
      '  gateways  1: 1 Active',
      '  zone neu  1 of 1 DNSEndpoint read, by external-dns-neu',
      '  zone weu  2 of 2 DNSEndpoints read, by external-dns-weu',
      '',
    ])
    expect(out).toMatch(/^ {2}api +Active +weu +1\/1 +\d+[sm] +api-ns-p-prod-app → aks01-weu-internal$/m)
    expect(lines.filter(line => line.length > 80)).toEqual([])
    expect(await versions(plane)).toEqual(before)
  })

  test.each([
    [['-n', 'b'], ['b/web']],
    [['--phase', 'Active'], ['app/api']],
    [
      ['--phase', 'Pending'],
      ['app/none', 'b/web'],
    ],
    [['--zone', 'weu'], ['app/api']],
    [['--zone', 'neu'], []],
    [['-n', 'b', '--phase', 'Error'], []],
  ])('%p selects', async (flags, selected) => {
    const { code, out } = await srouter.run(['status', '-o', 'json', ...flags])
    const { routes } = JSON.parse(out) as {
      readonly routes: readonly { readonly namespace: string; readonly name: string }[]
    }
    expect([code, routes.map(({ namespace, name }) => `${namespace}/${name}`)]).toEqual([0, selected])
  })

  test('wide: one line each, with whole names', async () => {
    const { out } = await srouter.run(['status', '-o', 'wide', '--phase', 'Active'])
    expect(out).toMatch(
      /^app +api +Active +- +weu +1\/1 +\S+ +api-ns-p-prod-app\.aks\.example\.com +aks01-weu-internal\.aks\.example\.com$/m,
    )
  })

  test('a phase that there is not: 64, with those that there are', async () => {
    expect(await srouter.run(['status', '--phase', 'Eror'])).toMatchObject({ code: 64 })
  })

  const routesOf = { groups: ['routing.router.io'], resources: ['serviceroutes'], verbs: ['list', 'watch'] }

  test('who may read the routes of a namespace alone sees these, and what is missing', async () => {
    const tenant = await userWith(plane, 'status-tenant', [{ ...routesOf, namespaces: ['app'] }])
    const { code, out, err } = await tenant.run(['status', '-n', 'app'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('routes    2: 1 Active, 1 Pending (1 GatewayNotFound)')
    expect(out).toMatch(/^ {2}not read {2}DNSEndpoint, Gateway, ClusterIdentity/m)
    expect(out).toMatch(/^ {2}api +Active +\? +\?/m)
    expect(await tenant.run(['status'])).toMatchObject({ code: 6, out: '' })
  })

  test('--watch in a terminal draws every change in place, and ends with 130 on Ctrl-C', async () => {
    const terminal = inTerminal(['status', '--watch', '--kubeconfig', srouter.kubeconfig])
    await terminal.until('3: 1 Active')
    await put(plane, [route('app', 'second')])
    await terminal.until('4: 1 Active, 2 Pending (1 DNSPolicyInactive, 1 GatewayNotFound), 1 Unknown')
    await plane.remove(routeRef('app', 'second'))
    const shown = terminal.shown().length
    await waitFor(() => terminal.shown().slice(shown).includes('3: 1 Active'), {
      what: 'the route to be gone',
      timeoutMs: 30_000,
    })
    terminal.type(ctrlC)
    expect(await terminal.exited).toBe(130)
    // It is cleared once, and every line is written over the last one.
    expect(terminal.shown().split('\u001b[2J')).toHaveLength(2)
    expect(terminal.shown().lastIndexOf('\u001b[?7h')).toBeGreaterThan(
      terminal.shown().lastIndexOf('\u001b[?7l'),
    )
  })

  test('--watch without a terminal prints it again, below', async () => {
    const child = Bun.spawn(
      [srouterPath(), 'status', '-n', 'app', '-w', '--kubeconfig', srouter.kubeconfig],
      {
        stdin: 'ignore',
        stdout: 'pipe',
        stderr: 'pipe',
      },
    )
    let out = ''
    const reading = (async () => {
      const decoder = new TextDecoder()
      for await (const chunk of child.stdout) out += decoder.decode(chunk, { stream: true })
    })()
    try {
      await waitFor(() => out.includes('routes    2: 1 Active'), { what: 'what is there', timeoutMs: 30_000 })
      await put(plane, [route('app', 'second')])
      await waitFor(() => out.includes('routes    3: 1 Active'), { what: 'the new route', timeoutMs: 30_000 })
    } finally {
      child.kill('SIGINT')
    }
    expect(await child.exited).toBe(130)
    await reading
    expect(out).not.toContain('\u001b')
    expect(out.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/gm)?.length).toBeGreaterThan(1)
  })

  test('--watch says when the API server is gone', async () => {
    const relay = relayTo(plane.url)
    const kubeconfig = plane.kubeconfig(plane.admin, { url: relay.url })
    const terminal = inTerminal(['status', '--watch', '--kubeconfig', kubeconfig])
    try {
      await terminal.until('3: 1 Active')
      relay.stop()
      await terminal.until('NotCurrent  the API server cannot be watched')
    } finally {
      relay.stop()
      terminal.type(ctrlC)
    }
    expect(await terminal.exited).toBe(130)
  })
})
