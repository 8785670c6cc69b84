import { join } from 'node:path'
import type { KeyPair } from './certificates.ts'
import { here, type Place } from './place.ts'
import { freePorts } from './ports.ts'
import { type Talk, talkTo } from './talk.ts'

/** What a gateway is like to those that ask it. */
export type Condition =
  /** Answers 200. */
  | 'up'
  /** Its port is closed: connections are refused, and those that there were are gone. */
  | 'closed'
  /** Answers 503, as Envoy does without a backend. */
  | 'failing'
  /** Nothing comes back, not even a refusal. */
  | 'silent'
  /** Answers 200 after so long. */
  | { readonly slowMs: number }
  /** Answers 200, with another certificate. */
  | { readonly certificate: KeyPair }

/** Stands in for an Istio ingress gateway: a real HTTPS listener, in a process of its own. */
export interface GatewayListener extends AsyncDisposable {
  readonly address: string
  readonly port: number
  /** Resolves when it is so. */
  become(condition: Condition): Promise<void>
  /** How many requests it has answered. Not to be asked while it is silent. */
  answered(): Promise<number>
}

export interface GatewayListenerOptions {
  readonly tls: KeyPair
  /** Where it runs; here, unless told otherwise. */
  readonly place?: Place
  /** The place's, unless told otherwise. On Linux, every 127.x.y.z is one: see `loopbackAddresses`. */
  readonly address?: string
  /** A free one, unless told otherwise. */
  readonly port?: number
}

/** What gateway-process.ts is told. */
export interface Orders {
  readonly open: boolean
  readonly tls: KeyPair
  readonly status: number
  readonly delayMs: number
}

/** It is up when this resolves, and ends with this process, however that ends. */
export const startGatewayListener = async ({
  tls,
  place = here,
  address = place.address,
  port = freePorts(1)[0] ?? 0,
}: GatewayListenerOptions): Promise<GatewayListener> => {
  const own: Orders = { open: true, tls, status: 200, delayMs: 0 }
  const program = join(import.meta.dir, 'gateway-process.ts')
  const listener = talkTo(place.command([process.execPath, program, address, String(port)]))
  let hush: (() => Promise<void>) | undefined
  const dispose = async (): Promise<void> => {
    await hush?.()
    await listener.end()
  }
  const become: GatewayListener['become'] = async condition => {
    const done = listener.ask(JSON.stringify(ordersFor(condition, own)))
    // The order is there before it wakes: it is not up in between.
    await hush?.()
    hush = undefined
    await done
    if (condition === 'silent') hush = await silence(listener, place, address, port)
  }
  try {
    await become('up')
  } catch (thrown) {
    await dispose()
    throw thrown
  }
  return {
    address,
    port,
    become,
    answered: async () => Number(await listener.ask('count')),
    [Symbol.asyncDispose]: dispose,
  }
}

/** Addresses of the loopback that nobody else has, all different, so that each listener can have the same port. Linux. */
export const loopbackAddresses = (count: number): readonly string[] => {
  const part = (): number => 1 + Math.floor(Math.random() * 254)
  const net = `127.${part()}.${part()}`
  const first = 1 + Math.floor(Math.random() * (254 - count))
  return Array.from({ length: count }, (_, i) => `${net}.${first + i}`)
}

const ordersFor = (condition: Condition, own: Orders): Orders => {
  if (condition === 'closed') return { ...own, open: false }
  if (condition === 'failing') return { ...own, status: 503 }
  if (typeof condition === 'string') return own
  return 'slowMs' in condition
    ? { ...own, delayMs: condition.slowMs }
    : { ...own, tls: condition.certificate }
}

/** More than the kernel holds for a listener of Bun's that does not accept: 512, and a few that it adds. */
const enough = 600

/**
 * A listener that does not run, and whose queue is full: the kernel drops what comes then, as a firewall does. It needs
 * neither a route nor a right, and works in every place. Returns what ends it.
 */
const silence = async (
  listener: Talk,
  place: Place,
  address: string,
  port: number,
): Promise<() => Promise<void>> => {
  listener.signal('SIGSTOP')
  const filler = talkTo(place.command([process.execPath, '-e', fillerProgram(listener.pid, address, port)]))
  await filler.ask('fill')
  return async () => {
    listener.signal('SIGCONT')
    await filler.end()
  }
}

/**
 * On one machine a connection is complete, or dropped, when it has been asked for; so when one that was asked for after
 * all of them is complete, the queue is full. When whoever started this is gone, the listener has to wake to see it.
 */
const fillerProgram = (pid: number, address: string, port: number): string => `
  const { connect } = require('node:net')
  const last = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  for await (const line of console) if (line === 'fill') {
    for (let i = 0; i < ${enough}; i++) connect({ host: '${address}', port: ${port} }).on('error', () => {})
    connect({ host: '127.0.0.1', port: last.port }).on('connect', () => console.log('full'))
  }
  process.kill(${pid}, 'SIGCONT')
  process.exit()`
