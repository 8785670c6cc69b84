import { beforeAll, expect, test } from 'bun:test'
import { gateway, platform, route } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { auditMark, type Write, writesSince } from './support/audit.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { gatewayRef, routeRef } from './support/refs.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { put } from './support/world.ts'

const isAddress = ({ what }: Write) => what.includes('dnsendpoints ingress/gateway-controller-')
const isCname = ({ what }: Write) => what.includes('dnsendpoints app/')
const isIstio = ({ what }: Write) => what.includes(' gateways ')
const isDelete = ({ what }: Write) => what.startsWith('delete ')

const routes = Array.from({ length: 40 }, (_, i) => route('app', `r${i}`))

describeLab('the order of writing, as the API server notes it', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
    await clear(plane)
    await put(plane, [...platform(), ...routes])
  }, 120_000)

  const appliedWrites = async () => {
    const mark = auditMark()
    expect(await srouter.apply()).toMatchObject({ code: 0 })
    return writesSince(mark)
  }
  /** Every one of the first ended before any one of the others began. */
  const stand = (first: readonly Write[], before: readonly Write[]) => {
    expect([first.length > 0, before.length > 0]).toEqual([true, true])
    const last =
      first
        .map(({ ended }) => ended)
        .sort()
        .at(-1) ?? ''
    const next = before.map(({ began }) => began).sort()[0] ?? ''
    expect(last <= next).toBe(true)
  }

  test('created: addresses before CNAMEs', async () => {
    const writes = await appliedWrites()
    expect(writes).toHaveLength(2 + 40 + 1)
    stand(writes.filter(isAddress), writes.filter(isCname))
  })

  test('a new postfix: its addresses, then the CNAMEs, then the old addresses go', async () => {
    await put(plane, [gateway('internal', { targetPostfix: 'inner' })])
    const writes = await appliedWrites()
    const gone = writes.filter(isDelete)
    const written = writes.filter(write => !isDelete(write))
    expect(gone.every(isAddress)).toBe(true)
    stand(written.filter(isAddress), written.filter(isCname))
    stand(written, gone)
  })

  test('deleted: CNAMEs and Istio Gateways before the addresses', async () => {
    for (const { metadata } of routes) await plane.remove(routeRef('app', metadata.name))
    await plane.remove(gatewayRef('istio-system', 'internal'))
    const writes = await appliedWrites()
    expect(writes).toHaveLength(2 + 40 + 1)
    expect(writes.every(isDelete)).toBe(true)
    stand(writes.filter(isCname), writes.filter(isAddress))
    stand(writes.filter(isIstio), writes.filter(isAddress))
  })
})
