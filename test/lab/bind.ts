import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sortedBy } from '../../src/lib/compare.ts'
import { bindProgram } from './bind-tools.ts'
import { newFolder } from './folder.ts'
import { here, type Place } from './place.ts'
import { freePorts } from './ports.ts'
import { type LabProcess, launch, startWatchdog, tail } from './process.ts'
import { GiveUp, waitFor } from './wait.ts'

export interface ZoneOptions {
  /** Of the zone, such as `aks.example.com`: the same in every region. */
  readonly name: string
  readonly region: string
  /** Where its server runs; here, unless told otherwise. It is asked by the place's address. */
  readonly place?: Place
}

/** One record of a zone; names are whole, without the dot at their end. */
export interface ZoneRecord {
  readonly name: string
  readonly type: string
  readonly ttl: number
  readonly data: string
}

/** The private zone of a region: a BIND of its own that has this zone and nothing else. */
export interface Zone extends Omit<ZoneOptions, 'place'>, AsyncDisposable {
  readonly address: string
  readonly port: number
  /** `127.0.0.1:PORT`, or another address, that of its place */
  readonly nameserver: string
  /** What is in it, sorted: without the SOA, NS and address that every zone must have. */
  records(): Promise<readonly ZoneRecord[]>
  /** Of its SOA: it grows with every write. */
  serial(): Promise<number>
  /** Changes it by hand, with lines as nsupdate knows them: `update delete NAME CNAME`. */
  update(...lines: readonly string[]): Promise<void>
  /** undefined while it does not run. */
  pid(): number | undefined
  /** SIGKILL when no signal is named. SIGSTOP makes a server that never answers, SIGCONT wakes it. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again, with the port and the records that it had. */
  restart(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

const nameServer = 'ns'

/** Starts a zone's server and waits until it answers. It ends with this process, however that ends. */
export const startZone = async ({ name, region, place = here }: ZoneOptions): Promise<Zone> => {
  const [named, dig, nsupdate] = await Promise.all([
    bindProgram('named'),
    bindProgram('dig'),
    bindProgram('nsupdate'),
  ])
  const folder = newFolder(undefined)
  const endWatchdog = startWatchdog(folder)
  const [port = 0] = freePorts(1)
  // A copy: AppArmor lets the one in /usr/sbin read the system's own folders only.
  const program = join(folder, 'named')
  copyFileSync(named, program)
  writeFileSync(join(folder, 'named.conf'), configuration(folder, name, place.address, port))
  writeFileSync(join(folder, 'zone'), emptyZone(name, place.address))

  let server: LabProcess | undefined
  const ask = (...question: readonly string[]): Promise<string> =>
    run([dig, `@${place.address}`, '-p', String(port), '+time=2', '+tries=1', ...question])
  const start = async (): Promise<void> => {
    const command = [program, '-g', '-n', '1', '-c', join(folder, 'named.conf')]
    const started = launch(folder, `named-${region}`, place.command(command))
    server = started
    await waitFor(
      async () => {
        if (!started.alive()) throw new GiveUp(`named ended; the end of its log:\n${tail(started.logFile)}`)
        return (await ask('+short', name, 'SOA')) !== ''
      },
      { what: `the zone ${name} of ${region} (${started.logFile})`, timeoutMs: 30_000 },
    )
  }
  const kill: Zone['kill'] = async (signal = 'SIGKILL') => {
    await server?.kill(signal)
  }
  const stop = async (): Promise<void> => {
    await kill()
    await endWatchdog()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await start()
  } catch (thrown) {
    await stop()
    throw thrown
  }
  return {
    name,
    region,
    address: place.address,
    port,
    nameserver: `${place.address}:${port}`,
    records: async () => parseTransfer(await ask('+noall', '+answer', '+onesoa', name, 'AXFR'), name),
    serial: async () => Number((await ask('+short', name, 'SOA')).split(' ')[2]),
    update: async (...lines) => {
      const script = [`server ${place.address} ${port}`, `zone ${name}`, ...lines, 'send', '']
      await run([nsupdate, '-t', '5'], script.join('\n'))
    },
    pid: () => (server?.alive() ? server.pid : undefined),
    kill,
    restart: async () => {
      await kill()
      await start()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** What `dig +noall +answer` prints of an AXFR: `NAME. TTL IN TYPE DATA`, one record a line. */
export const parseTransfer = (answer: string, zone: string): readonly ZoneRecord[] => {
  // A transfer that was refused is an answer too, and an empty one.
  if (!/\sIN\s+SOA\s/.test(answer)) throw new Error(`no transfer of ${zone}: ${answer.trim()}`)
  const records = answer.split('\n').flatMap(line => {
    const [, name, ttl, type, data] = /^(\S+)\.\s+(\d+)\s+IN\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (name === undefined || type === undefined || data === undefined) return []
    const isIts = (name === zone && ['SOA', 'NS'].includes(type)) || name === `${nameServer}.${zone}`
    return isIts ? [] : [{ name, type, ttl: Number(ttl), data: data.replace(/\.$/, '') }]
  })
  return sortedBy(records, ({ name, type, data }) => `${name} ${type} ${data}`)
}

/** Whoever can reach it may do everything: it listens on an address of this machine alone. */
const configuration = (folder: string, zone: string, address: string, port: number): string => `
options {
  directory "${folder}";
  listen-on port ${port} { ${address}; };
  listen-on-v6 { none; };
  allow-query { any; };
  recursion no;
  dnssec-validation no;
  empty-zones-enable no;
  notify no;
  pid-file none;
  session-keyfile none;
};
controls { };
zone "${zone}" {
  type primary;
  file "zone";
  allow-update { any; };
  allow-transfer { any; };
};
`

/** The last figure is how long a resolver may remember that a name does not exist. */
const emptyZone = (zone: string, address: string): string => `$TTL 60
@ IN SOA ${nameServer}.${zone}. hostmaster.${zone}. 1 3600 600 86400 1
@ IN NS ${nameServer}.${zone}.
${nameServer} IN A ${address}
`

const run = async (command: readonly string[], stdin = ''): Promise<string> => {
  const child = Bun.spawn([...command], { stdin: Buffer.from(stdin), stdout: 'pipe', stderr: 'pipe' })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  // dig says on stdout what went wrong.
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}: ${(err || out).trim()}`)
  return out
}
