import { ip, ipProgram } from './namespace-tools.ts'
import type { Place } from './place.ts'
import { startSurvivor } from './process.ts'

/**
 * A network of its own for clusters and name servers, each in a network namespace: what is cut is cut by the kernel, for
 * connections that exist as well. Nothing in it has a way out of this machine.
 *
 * ```
 *   weu          neu          dns
 *    │ .1         │ .2         │ .3           198.18.N.0/24, what can be cut
 *    └────────────┴─── switch ─┴───── .254 ─── the test
 *   each of them beside: a link of its own to the test, 198.19.N.x, which stays
 * ```
 *
 * Addresses are those that RFC 2544 keeps for tests. Packets are cut off by sending them to an Ethernet address that
 * nobody has: nothing answers, as with a firewall that drops or a line that broke. A route that refuses, or a link that
 * is down, would be an error at once.
 */
export interface Network extends AsyncDisposable {
  place(name: string): Place
  /** No packet passes between the two any more, in either direction. Others reach both. */
  cut(one: string, other: string): void
  heal(one: string, other: string): void
  /** Nobody reaches it any more, not by its address, and it nobody. By `control` the test still does. */
  isolate(name: string): void
  /** Undoes `isolate`; what is cut stays so. */
  rejoin(name: string): void
}

const nobody = '02:00:00:00:00:00'
/** In the last part of an address. */
const testHost = 254
const mostPlaces = 100

/** Names are lower-case letters and digits. They run until disposal, or this process ends, however that ends. */
export const startNetwork = async (...names: readonly string[]): Promise<Network> => {
  if (
    names.length > mostPlaces ||
    new Set(names).size < names.length ||
    names.some(name => !/^[a-z0-9]{1,20}$/.test(name))
  )
    throw new Error(`these cannot be the places of a network: ${names.join(', ')}`)
  const number = takeNumber()
  const end = startWarden(
    [wireOf(number), ...names.map((_, i) => wireOf(number, i + 1))],
    // That of the switch last: then the number is free.
    [...names.map(name => spaceOf(number, name)), switchOf(number)],
  )
  try {
    build(number, names)
  } catch (thrown) {
    await end()
    throw thrown
  }
  const indexOf = (name: string): number => {
    const index = names.indexOf(name)
    if (index < 0) throw new Error(`this network has no ${name}`)
    return index + 1
  }
  const between = (one: string, other: string, whole: boolean): void => {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const)
      neighbour(['-n', spaceOf(number, from)], number, indexOf(to), 'eth0', whole)
  }
  return {
    place: name => placeOf(number, name, indexOf(name)),
    cut: (one, other) => between(one, other, false),
    heal: (one, other) => between(one, other, true),
    isolate: name => ip('-n', switchOf(number), 'link', 'set', portOf(indexOf(name)), 'nomaster'),
    rejoin: name => ip('-n', switchOf(number), 'link', 'set', portOf(indexOf(name)), 'master', 'switch'),
    [Symbol.asyncDispose]: end,
  }
}

const placeOf = (number: number, name: string, index: number): Place => ({
  name,
  address: addressOf(number, index),
  control: controlOf(number, index, 'there'),
  command: command => [ipProgram(), 'netns', 'exec', spaceOf(number, name), ...command],
})

const switchOf = (number: number): string => `srouter-${number}`
const spaceOf = (number: number, name: string): string => `srouter-${number}-${name}`
/** The test's end of a link: to the switch, or to a place. */
const wireOf = (number: number, index?: number): string =>
  index === undefined ? `srt${number}` : `srt${number}-${index}`
const portOf = (index: number): string => `port${index}`
const addressOf = (number: number, index: number): string => `198.18.${number}.${index}`
const controlOf = (number: number, index: number, end: 'here' | 'there'): string =>
  `198.19.${number}.${2 * index + (end === 'here' ? 0 : 1)}`
const hex = (value: number): string => value.toString(16).padStart(2, '0')
const etherOf = (number: number, index: number): string => `02:00:00:00:${hex(number)}:${hex(index)}`

/** The namespace of the switch is also the claim to the number: only one can make it. */
const takeNumber = (): number => {
  let trouble: unknown
  for (let number = 1; number < 255; number++) {
    try {
      ip('netns', 'add', switchOf(number))
      return number
    } catch (thrown) {
      trouble = thrown
    }
  }
  throw trouble
}

const build = (number: number, names: readonly string[]): void => {
  const hub = switchOf(number)
  ip('-n', hub, 'link', 'add', 'name', 'switch', 'type', 'bridge')
  ip('-n', hub, 'link', 'set', 'switch', 'up')
  const hosts = [...names.map((_, i) => i + 1), testHost]
  const meet = (where: readonly string[], index: number, device: string): void => {
    ip(...where, 'addr', 'add', `${addressOf(number, index)}/24`, 'dev', device)
    ip(...where, 'link', 'set', device, 'up')
    // Nobody has to ask who is where: an answer that comes to nothing would be an error after three seconds.
    for (const other of hosts) if (other !== index) neighbour(where, number, other, device, true)
  }
  const plug = (index: number, ...end: readonly string[]): void => {
    const port = portOf(index)
    const ether = etherOf(number, index)
    ip('link', 'add', 'name', port, 'netns', hub, 'type', 'veth', 'peer', 'name', ...end, 'address', ether)
    ip('-n', hub, 'link', 'set', port, 'master', 'switch', 'up')
  }
  for (const [i, name] of names.entries()) {
    const [index, space] = [i + 1, spaceOf(number, name)]
    const where = ['-n', space]
    ip('netns', 'add', space)
    ip(...where, 'link', 'set', 'lo', 'up')
    plug(index, 'eth0', 'netns', space)
    meet(where, index, 'eth0')
    const wire = wireOf(number, index)
    ip('link', 'add', 'name', wire, 'type', 'veth', 'peer', 'name', 'control', 'netns', space)
    ip('addr', 'add', `${controlOf(number, index, 'here')}/31`, 'dev', wire)
    ip('link', 'set', wire, 'up')
    ip(...where, 'addr', 'add', `${controlOf(number, index, 'there')}/31`, 'dev', 'control')
    ip(...where, 'link', 'set', 'control', 'up')
  }
  const own = wireOf(number)
  plug(testHost, own)
  meet([], testHost, own)
}

/** Where packets for a host of the network go: to it, or to nobody. */
const neighbour = (
  where: readonly string[],
  number: number,
  index: number,
  device: string,
  whole: boolean,
): void => {
  const ether = whole ? etherOf(number, index) : nobody
  ip(
    ...where,
    'neigh',
    'replace',
    addressOf(number, index),
    'lladdr',
    ether,
    'nud',
    'permanent',
    'dev',
    device,
  )
}

/**
 * Removes links and namespaces, with all that runs in them, when told to or when this process is gone: it notices by its
 * stdin, as watchdog.ts does. Links would go with their namespaces, but some time after.
 */
const startWarden = (wires: readonly string[], spaces: readonly string[]): (() => Promise<void>) => {
  const program = ipProgram()
  const remove = [
    'cat',
    ...wires.map(wire => `${program} link del ${wire}`),
    ...spaces.flatMap(space => [
      `${program} netns pids ${space} | xargs -r kill -9`,
      `${program} netns del ${space}`,
    ]),
  ]
  return startSurvivor(['sh', '-c', remove.join('\n')])
}
