import { expect, test } from 'bun:test'
import { describeLab } from '../lab/suite.ts'
import { withFaults } from './support/faulty.ts'

/** The server goes away. The daemon comes to what the engine says, and no record is lost on the way. */
describeLab('faults of the control plane', () => {
  const on = withFaults()

  test('the API server is killed and comes back after 20 seconds', async () => {
    await on.plane.kill('apiserver')
    await Bun.sleep(20_000)
    expect((await on.daemon.get('health', '/healthz')).status).toBe(200)
    await on.plane.restart('apiserver')
    await on.works('late')
    await on.unharmed()
  }, 120_000)

  test('the API server hangs for some seconds', async () => {
    await on.plane.kill('apiserver', 'SIGSTOP')
    await Bun.sleep(5_000)
    await on.plane.kill('apiserver', 'SIGCONT')
    await on.works('late')
    await on.unharmed()
  }, 120_000)

  test('a daemon that starts while the API server does not answer, works when it does', async () => {
    await on.daemon.stop('SIGKILL')
    await on.plane.kill('apiserver')
    on.startAgain()
    await on.daemon.says('Discovery failed')
    expect((await on.daemon.get('health', '/readyz')).status).toBe(503)
    expect((await on.daemon.get('health', '/healthz')).status).toBe(200)
    await on.plane.restart('apiserver')
    await on.works('late')
    await on.unharmed()
  }, 120_000)

  test('it stops in good time while the API server is away', async () => {
    await on.plane.kill('apiserver')
    on.proxy.cutWatches()
    const began = performance.now()
    expect(await on.daemon.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(10_000)
    await on.plane.restart('apiserver')
    on.startAgain()
    await on.works('late')
    await on.unharmed()
  }, 120_000)

  test('etcd is killed and comes back', async () => {
    await on.plane.kill('etcd')
    await Bun.sleep(5_000)
    await on.plane.restart('etcd')
    await on.works('late')
    await on.unharmed()
  }, 120_000)

  test('etcd hangs for some seconds', async () => {
    await on.plane.kill('etcd', 'SIGSTOP')
    await Bun.sleep(6_000)
    await on.plane.kill('etcd', 'SIGCONT')
    await on.works('late')
    await on.unharmed()
  }, 120_000)
})
