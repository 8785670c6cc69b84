import { beforeAll, beforeEach, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { configuration, controllers, gateway, identity, object, service } from '../engine/build.ts'
import { srouter as executable, execute } from '../executable/process.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { refusingNameServer } from './support/name-server.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { versions } from './support/state.ts'
import { inTerminal } from './support/terminal.ts'
import { put } from './support/world.ts'

const failover = (cluster: string, region: string, name = `${cluster}-${region}`): KubeObject =>
  object('cluster.router.io/v1alpha1', 'RegionFailover', { name }, { spec: { cluster, region } })

let nameserver: string

const platform = (ingress: readonly object[] = [{ ip: '10.0.0.1' }]): KubeObject[] => [
  identity({ standIns: ['aks01-frc'] }),
  configuration({
    externalDNSControllers: controllers('weu', 'neu').map(each => ({
      ...each,
      nameservers: [nameserver],
    })),
  }),
  gateway(),
  service('internal', ingress),
  failover('aks01', 'neu'),
]

/** What the commands say and refuse, without a daemon and with name servers that refuse to answer. */
describeLab('srouter failover, before it does anything', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    nameserver = await refusingNameServer()
    plane = await clusterPlane()
    srouter = srouterOn(plane)
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    await put(plane, platform())
  }, 60_000)

  /** It ends so, says so, and has written nothing. */
  const refused = async (
    argv: readonly string[],
    code: number,
    ...said: readonly string[]
  ): Promise<void> => {
    const before = await versions(plane)
    const ended = await srouter.run(['failover', ...argv])
    expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(said[0] ?? '')])
    for (const each of said) expect(ended.err).toContain(each)
    expect(await versions(plane)).toEqual(before)
  }

  const verbs = ['start', 'end', 'reclaim'] as const
  const about = { start: 'aks01-neu', end: 'aks01-neu', reclaim: 'aks01-weu' } as const

  test.each(verbs)('%s without a terminal and --auto-approve: 64, before anything is asked', verb =>
    refused([verb, about[verb]], 64, 'there is no terminal', '--auto-approve'),
  )

  test.each(verbs)('%s --dry-run writes nothing', async verb => {
    const before = await versions(plane)
    const { code, err } = await srouter.run(['failover', verb, about[verb], '--dry-run'])
    expect([code, err]).toEqual([0, ''])
    expect(await versions(plane)).toEqual(before)
  })

  test('the shell completes the names of the RegionFailovers', async () => {
    const line = `srouter --kubeconfig ${srouter.kubeconfig} failover start `
    const { code, out, err } = await execute(executable(), ['completion', 'fish', '--', line])
    expect({ code, out, err }).toEqual({ code: 0, out: 'words\naks01-neu\n', err: '' })
  })

  test('start --dry-run shows each zone and name', async () => {
    const { out } = await srouter.run(['failover', 'start', 'aks01-neu', '--dry-run'])
    expect(out).toContain('aks01-weu stands in for aks01-neu, with epoch 1')
    for (const zone of ['weu', 'neu'])
      expect(out).toMatch(
        new RegExp(`zone ${zone} +aks01-neu-internal\\.aks\\.example\\.com +no answer → 10\\.0\\.0\\.1`),
      )
    expect(out).toContain(`warning: zone neu: ${nameserver} refuses to answer`)
  })

  test('answered "no": 130, and nothing is written', async () => {
    const before = await versions(plane)
    const terminal = inTerminal(['failover', 'start', 'aks01-neu', '--kubeconfig', srouter.kubeconfig])
    await terminal.until('Only "yes" will do: ')
    terminal.type('no\r')
    expect(await terminal.exited).toBe(130)
    expect(await versions(plane)).toEqual(before)
  })

  const start = (name: string): readonly string[] => ['start', name, '--auto-approve']

  test('a cluster for which there is no RegionFailover, with the one that was probably meant', () =>
    refused(start('aks01-nue'), 1, 'has no RegionFailover aks01-nue', 'did you mean aks01-neu?'))

  test('a cluster for which there is none, and nothing that is like it', () =>
    refused(start('prod-sea'), 1, 'has no RegionFailover prod-sea', 'it may stand in for aks01-neu'))

  test('itself', () => refused(start('aks01-weu'), 1, 'this cluster is aks01-weu itself', '--context'))

  test('none of its gateways has an address', async () => {
    await put(plane, platform([]))
    await refused(start('aks01-neu'), 1, 'no Gateway of this cluster has an address', 'kubectl get gateways')
  })

  test('a RegionFailover whose name is not that of its cluster', async () => {
    await put(plane, [identity({}), failover('aks01', 'neu')])
    const wrong = { ...failover('aks01', 'frc'), spec: { cluster: 'aks02', region: 'frc' } }
    await expect(put(plane, [wrong])).rejects.toThrow('aks01-frc')
  })

  test('a cluster without a ClusterIdentity has no name to stand in under', async () => {
    await clear(plane)
    await refused(start('aks01-neu'), 1, 'the cluster has no ClusterIdentity')
  })

  test('reclaim by another cluster than the one that is claimed', () =>
    refused(['reclaim', 'aks01-neu', '--auto-approve'], 1, 'only aks01-neu itself can reclaim its name'))

  test('reclaim and end of nothing are done at once', async () => {
    const before = await versions(plane)
    for (const verb of ['end', 'reclaim'] as const)
      expect(await srouter.run(['failover', verb, about[verb], '--auto-approve'])).toMatchObject({
        code: 0,
        err: '',
      })
    expect(await versions(plane)).toEqual(before)
  })

  test('status: who stands in for whom, and what each zone says, as JSON has it', async () => {
    const before = await versions(plane)
    const { code, out } = await srouter.run(['failover', 'status', '-o', 'json'])
    const zone = (name: string) => ({
      zone: name,
      claim: { state: 'silent' },
      contended: false,
      names: [{ name: 'aks01-neu-internal.aks.example.com', answers: null, redirected: false }],
    })
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        formatVersion: '1.0',
        cluster: 'aks01-weu',
        home: {
          state: 'unsure',
          holder: null,
          epoch: null,
          message: expect.stringContaining('refuses to answer'),
        },
        failovers: [
          {
            name: 'aks01-neu',
            engage: false,
            engagedBy: null,
            mode: 'Manual',
            probe: null,
            automatic: null,
            state: 'Standby',
            message: 'ready to stand in for aks01-neu',
            epoch: 0,
            missingPostfixes: [],
            zones: [zone('neu'), zone('weu')],
            history: [],
          },
        ],
      },
    ])
    expect(await versions(plane)).toEqual(before)
  })
})
