import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { automatic } from './automatic.ts'
import { cluster } from './cluster.ts'
import { daemon } from './daemon.ts'
import { engine } from './engine.ts'
import { prepareExecutables } from './executables.ts'
import { failover } from './failover.ts'
import type { Figure } from './figure.ts'
import { fromFiles, startUp } from './offline.ts'
import { probes } from './probes.ts'
import { run } from './process.ts'
import { quick, say, thorough } from './scale.ts'
import { table } from './table.ts'

const usage = `usage: scripts/bench [offline|cluster|daemon|probes|failover|automatic|all] [--json FILE] [--quick]

  offline  start-up, validate and plan from files, the engine alone
  cluster  apply and plan on control planes of the lab (docs/lab.md)
  daemon   run on control planes of the lab
  probes   probes of ten peers by HTTPS
  failover a region that fails, with ExternalDNS and name servers
  automatic a gateway that dies, with nobody at the switch
  all      all of them; the default
  --json   write the figures to FILE as well
  --quick  fewer and smaller runs`

const all: readonly string[] = ['offline', 'cluster', 'daemon', 'probes', 'failover', 'automatic']

interface Choice {
  readonly parts: readonly string[]
  readonly json: string | undefined
  readonly quick: boolean
}

const parse = (args: readonly string[]): Choice | undefined => {
  let parts: readonly string[] = all
  let json: string | undefined
  let isQuick = false
  const rest = args.values()
  for (const arg of rest) {
    if (all.includes(arg)) parts = [arg]
    else if (arg === '--json') json = rest.next().value
    else if (arg === '--quick') isQuick = true
    else if (arg !== 'all') return undefined
  }
  return args.at(-1) === '--json' ? undefined : { parts, json, quick: isQuick }
}

const measure = async (choice: Choice, folder: string): Promise<void> => {
  const scale = choice.quick ? quick : thorough
  const executables = await prepareExecutables(folder)
  const figures: Figure[] = []
  if (choice.parts.includes('offline')) {
    figures.push(await startUp(executables, scale))
    figures.push(...(await fromFiles(executables, scale, folder)))
    figures.push(...(await engine(scale, folder)))
  }
  if (choice.parts.includes('cluster')) figures.push(...(await cluster(executables, scale, folder)))
  if (choice.parts.includes('daemon')) figures.push(...(await daemon(executables, scale, folder)))
  if (choice.parts.includes('probes')) figures.push(...(await probes(scale)))
  if (choice.parts.includes('failover')) figures.push(...(await failover(scale)))
  if (choice.parts.includes('automatic')) figures.push(...(await automatic(scale)))
  const { stdout: version } = await run([executables.srouter, 'version'], { keepOutput: true })
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? '',
    memoryMB: Math.round(totalmem() / 1e6),
    platform: `${process.platform}-${process.arch}`,
  }
  console.log(`${version.trim()} on ${machine.cpus} × ${machine.model}\n`)
  console.log(table(figures))
  if (choice.json !== undefined) {
    const report = {
      formatVersion: '1.0',
      date: new Date().toISOString(),
      version: version.trim(),
      machine,
      figures,
    }
    writeFileSync(choice.json, `${JSON.stringify(report, undefined, 2)}\n`)
    say(`written to ${choice.json}`)
  }
}

const choice = parse(process.argv.slice(2))
if (choice === undefined) {
  console.error(usage)
  process.exit(64)
}
const folder = mkdtempSync(join(tmpdir(), 'srouter-bench-'))
try {
  await measure(choice, folder)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
