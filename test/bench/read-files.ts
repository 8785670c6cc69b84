/**
 * How long reading files takes, beside nothing but Bun.YAML.parse (or JSON.parse) of the same text. By hand:
 *
 *     bun test/bench/read-files.ts            10,000 and 100,000 ServiceRoutes, in four forms
 *     bun test/bench/read-files.ts FILE       one file
 *
 * Each measurement is a process of its own, for its memory and its cold start. Time is that of the main thread, so
 * that what else runs on the machine counts less; the best of five.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readFiles } from '../../src/source/files/index.ts'

const route = (index: number): string => `apiVersion: routing.router.io/v1alpha1
kind: ServiceRoute
metadata:
  name: svc-${index}
  namespace: team-${index % 200}
spec:
  serviceName: svc-${index}
  gatewayName: default-gateway
  environment: prod
  application: app${index % 200}
`

const forms: Readonly<Record<string, (routes: readonly string[]) => string>> = {
  'documents.yaml': routes => routes.join('---\n'),
  'list.yaml': routes =>
    `apiVersion: v1\nitems:\n${routes.map(text => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}kind: List\n`,
  'flow.yaml': routes => routes.map(text => `--- ${JSON.stringify(Bun.YAML.parse(text))}\n`).join(''),
  'list.json': routes =>
    JSON.stringify(
      { apiVersion: 'v1', kind: 'List', items: routes.map(text => Bun.YAML.parse(text)) },
      null,
      2,
    ),
}

/** Milliseconds that the main thread was on a processor. */
const busy = (): number =>
  Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6

const bare = async (path: string): Promise<unknown> => {
  const text = await Bun.file(path).text()
  if (path.endsWith('.json')) return JSON.parse(text)
  return text.split(/^---(?=\s)/m).map(document => Bun.YAML.parse(document))
}
const ours = (path: string): Promise<unknown> =>
  readFiles([path], { stdin: { read: () => Promise.resolve('') } })

const measure = async (how: string, path: string): Promise<void> => {
  const before = busy()
  const kept = await (how === 'bare' ? bare(path) : ours(path))
  const time = busy() - before
  process.stdout.write(
    JSON.stringify({ time, memory: process.memoryUsage.rss() / 1e6, kept: kept !== undefined }),
  )
}

const best = (how: string, path: string): { readonly time: number; readonly memory: number } => {
  const runs = Array.from({ length: 5 }, () => {
    const { stdout } = Bun.spawnSync([process.execPath, import.meta.path, `--${how}`, path])
    return JSON.parse(stdout.toString()) as { time: number; memory: number }
  })
  return {
    time: Math.min(...runs.map(({ time }) => time)),
    memory: Math.min(...runs.map(({ memory }) => memory)),
  }
}

const compare = (name: string, path: string): void => {
  const [a, b] = [best('bare', path), best('ours', path)]
  const row = [
    name.padEnd(24),
    ...[a, b].map(({ time, memory }) => `${time.toFixed(0)} ms ${memory.toFixed(0)} MB`.padEnd(16)),
  ]
  process.stdout.write(`${row.join('')}${(b.time / a.time).toFixed(2)}\n`)
}

const all = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'srouter-bench-'))
  process.stdout.write(`${''.padEnd(24)}${'parse only'.padEnd(16)}readFiles\n`)
  for (const count of [10_000, 100_000]) {
    const routes = Array.from({ length: count }, (_, index) => route(index))
    for (const [name, write] of Object.entries(forms)) {
      const path = join(folder, name)
      await Bun.write(path, write(routes))
      compare(`${count} ${name}`, path)
    }
  }
  rmSync(folder, { recursive: true })
}

const [first, path] = process.argv.slice(2)
if (first === undefined) await all()
else if (path === undefined) compare(first, first)
else await measure(first.slice(2), path)
