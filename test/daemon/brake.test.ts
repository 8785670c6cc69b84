import { expect, test } from 'bun:test'
import type { KubeObject, ResourceRef } from '../../src/api/object.ts'
import { configurationRef, endpointRef, identityRef, routeRef } from '../cluster/support/refs.ts'
import { conditionOf } from '../cluster/support/state.ts'
import { configuration, controllers, identity, platform, policy, route } from '../engine/build.ts'
import { srouter as executable, execute } from '../executable/process.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { daemonPlane } from './support/plane.ts'
import { startDaemon } from './support/process.ts'
import { becomes, records } from './support/records.ts'
import { withDaemon } from './support/running.ts'
import { addresses, says, settled, statusOf } from './support/scene.ts'
import { witness } from './support/witness.ts'
import { set } from './support/world.ts'

const names = Array.from({ length: 12 }, (_, index) => `r${index}`)
const world: readonly KubeObject[] = [...platform(), ...names.map(name => route('app', name))]
const recordOf = (name: string): string => `weu ${name}-ns-p-prod-app CNAME 300 aks01-weu-internal`
const worldRecords = [...addresses, ...names.map(recordOf)]
const inNeu = (record: string): string => record.replace('weu ', 'neu ')
const everywhere = [...worldRecords, ...names.map(recordOf).map(inNeu)]
const tripped = 'True BrakeTripped'

describeLab('the brake', () => {
  const on = withDaemon([], world)
  const bindToRegions = () => set(on.plane, policy('app', { mode: 'RegionBound', sourceRegion: 'weu' }))
  const begin = async (records: readonly string[] = worldRecords) => {
    await becomes(on.plane, records)
    await settled(on.plane, on.srouter)
    return witness(on.plane)
  }
  const held = (count: number) =>
    waitFor(async () => (await on.daemon.metric('srouter_brake_held_records')) === count, {
      what: `${count} records to be held`,
    })
  const released = (ref: ResourceRef) =>
    waitFor(async () => conditionOf(await on.plane.read(ref), 'BrakeTripped') === undefined, {
      what: 'the condition to go',
    })
  /** Somebody lets this number of records go. */
  const once = async (count: number) => {
    const { kubeconfig } = await daemonPlane()
    return execute(executable(), ['run', '--once', '--kubeconfig', kubeconfig(), `--allow-deletes=${count}`])
  }
  const events = async (ref: ResourceRef): Promise<readonly string[]> => {
    const uid = (await on.plane.read(ref))?.metadata.uid
    const all = await on.plane.list<{ reason: string; type: string; regarding: { uid: string } }>(
      'events.k8s.io/v1',
      'Event',
    )
    return all.filter(event => event.regarding.uid === uid).map(({ type, reason }) => `${type} ${reason}`)
  }

  test('the ClusterIdentity is deleted and made anew: nothing happens to any record', async () => {
    await using watcher = await begin()
    await on.plane.remove(identityRef)
    await says(on.plane, routeRef('app', 'r0'), 'Ready', 'False ClusterIdentityNotAvailable')
    await set(on.plane, identity())
    await says(on.plane, routeRef('app', 'r0'), 'Ready', 'True ReconciliationSucceeded')
    await becomes(on.plane, worldRecords)
    await settled(on.plane, on.srouter)
    expect(await watcher.losses()).toEqual([])
  })

  test('its region is edited: said in condition, event and metric; records are kept, and everything else goes on', async () => {
    await using watcher = await begin()
    await set(on.plane, identity({ region: 'neu' }))
    await says(on.plane, identityRef, 'BrakeTripped', tripped)
    await held(14)
    await waitFor(async () => (await events(identityRef)).includes('Warning BrakeTripped'), {
      what: 'the event',
    })

    // Everything else: an owner's own edits, and what was put in by hand.
    await on.plane.remove(routeRef('app', 'r0'))
    await waitFor(
      async () => (await on.plane.read(endpointRef('app', 'r0-external-dns-weu'))) === undefined,
      {
        what: 'the records of a route that is gone to go',
      },
    )
    await on.plane.remove(endpointRef('app', 'r1-external-dns-weu'))
    await set(on.plane, route('app', 'new'))
    const made = endpointRef('app', 'new-external-dns-neu')
    await waitFor(() => on.plane.read(made), { what: 'the record of a new route' })
    await on.plane.remove(made)
    await waitFor(() => on.plane.read(made), { what: 'what was deleted by hand to come back' })

    await set(on.plane, identity())
    await released(identityRef)
    await becomes(on.plane, [...worldRecords.filter(record => record !== recordOf('r0')), recordOf('new')])
    await settled(on.plane, on.srouter)
    const old = (await watcher.losses()).filter(loss => worldRecords.includes(loss.slice(2)))
    expect(old).toEqual([`- ${recordOf('r0')}`, `- ${recordOf('r1')}`])
    expect(await on.daemon.metric('srouter_brake_held_records')).toBe(0)
  })

  for (const [what, change] of [
    ['cluster', { cluster: 'aks02' }],
    ['domain', { domain: 'other.example.com' }],
    ['region, in one that is made anew', { region: 'neu' }],
  ] as const)
    test(`its ${what}: records are kept until it is put right, and new ones are made`, async () => {
      await using watcher = await begin()
      if ('region' in change) {
        await on.plane.remove(identityRef)
        await says(on.plane, routeRef('app', 'r0'), 'Ready', 'False ClusterIdentityNotAvailable')
      }
      await set(on.plane, identity(change))
      await says(on.plane, identityRef, 'BrakeTripped', tripped)
      await held(14)
      await set(on.plane, route('app', 'new'))
      const made = endpointRef('app', `new-external-dns-${'region' in change ? 'neu' : 'weu'}`)
      await waitFor(() => on.plane.read(made), { what: 'the record of a new route' })
      expect((await records(on.plane)).filter(record => worldRecords.includes(record))).toEqual(
        worldRecords.toSorted(),
      )
      await set(on.plane, identity())
      await released(identityRef)
      await becomes(on.plane, [...worldRecords, recordOf('new')])
      await settled(on.plane, on.srouter)
      expect((await watcher.losses()).filter(loss => worldRecords.includes(loss.slice(2)))).toEqual([])
    })

  test('a controller moves to another region: its records are in both zones until somebody says which ones go', async () => {
    await bindToRegions()
    await using watcher = await begin(everywhere)
    const moved = [...controllers('weu'), { name: 'external-dns-neu', region: 'frc' }]
    const inFrc = everywhere
      .filter(record => record.startsWith('neu '))
      .map(record => record.replace('neu', 'frc'))
    await set(on.plane, configuration({ externalDNSControllers: moved }))
    await says(on.plane, configurationRef, 'BrakeTripped', tripped)
    await becomes(on.plane, [...everywhere, ...inFrc])
    await held(13)
    // Put right again, what was made meanwhile is held as well: it may be in use by now.
    await set(on.plane, configuration())
    const { generation = 0 } = (await on.plane.read(configurationRef))?.metadata ?? {}
    await waitFor(
      async () => (await statusOf(on.plane, configurationRef)).observedGeneration === generation,
      {
        what: 'it to be seen',
      },
    )
    await says(on.plane, configurationRef, 'BrakeTripped', tripped)
    expect(await records(on.plane)).toEqual([...everywhere, ...inFrc].sort())
    expect(await watcher.losses()).toEqual([])
    expect((await once(13)).code).toBe(0)
    await released(configurationRef)
    await becomes(on.plane, everywhere)
    expect(await watcher.losses()).toEqual(inFrc.map(record => `- ${record}`).sort())
  })

  test('a controller is removed: its records are kept until it comes back', async () => {
    await bindToRegions()
    await using watcher = await begin(everywhere)
    await set(on.plane, configuration({ externalDNSControllers: controllers('weu') }))
    await says(on.plane, configurationRef, 'BrakeTripped', tripped)
    await says(on.plane, identityRef, 'BrakeTripped', tripped)
    await held(13)
    await set(on.plane, route('app', 'new'))
    await waitFor(() => on.plane.read(endpointRef('app', 'new-external-dns-weu')), { what: 'a new record' })
    await set(on.plane, configuration())
    await released(configurationRef)
    await becomes(on.plane, [...everywhere, recordOf('new'), inNeu(recordOf('new'))])
    expect(await watcher.losses()).toEqual([])
  })

  test('a controller without records is removed', async () => {
    const more = [...controllers('weu', 'neu'), { name: 'more', region: 'neu' }]
    await using watcher = await begin()
    await set(on.plane, configuration({ externalDNSControllers: more }))
    await becomes(on.plane, [...worldRecords, 'neu aks01-weu-internal A 60 10.0.0.1'])
    await set(on.plane, configuration())
    // One of fifteen, and the zone still has the address from another one.
    await becomes(on.plane, worldRecords)
    expect(await watcher.losses()).toEqual(['- neu aks01-weu-internal A 60 10.0.0.1'])
  })

  test('the DNSConfiguration is deleted and made anew: nothing happens to any record', async () => {
    await using watcher = await begin()
    await on.plane.remove(configurationRef)
    await says(on.plane, routeRef('app', 'r0'), 'Ready', 'False DNSConfigurationNotAvailable')
    await set(on.plane, configuration())
    await says(on.plane, routeRef('app', 'r0'), 'Ready', 'True ReconciliationSucceeded')
    await becomes(on.plane, worldRecords)
    expect(await watcher.losses()).toEqual([])
  })

  test('--allow-deletes with the exact number lets them through, and no other number does', async () => {
    await bindToRegions()
    await (await begin(everywhere))[Symbol.asyncDispose]()
    // Another daemon than the one of this describe: it has the flag.
    await set(on.plane, configuration({ externalDNSControllers: controllers('weu') }))
    await says(on.plane, identityRef, 'BrakeTripped', tripped)
    expect((await once(12)).code).toBe(3)
    await says(on.plane, identityRef, 'BrakeTripped', tripped)
    const { kubeconfig } = await daemonPlane()
    await using daemon = startDaemon({ kubeconfig: kubeconfig(), flags: ['--allow-deletes', '13'] })
    await daemon.ready()
    await becomes(
      on.plane,
      worldRecords.filter(record => record.startsWith('weu ')),
    )
    await released(identityRef)
  })
})
