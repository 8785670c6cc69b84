import { join } from 'node:path'
import type { EngineRun } from './engine-worker.ts'
import { currentLoad, type Figure, figure, spread } from './figure.ts'
import { run } from './process.ts'
import { type Scale, say } from './scale.ts'

const worker = join(import.meta.dir, 'engine-worker.ts')
const aim = { routes: 100_000, ms: 1000 }
/** A tenfold input may take a little more than ten times: memory is slower than caches. */
const linear = 1.5

const modes = { empty: 'nothing exists', existing: 'everything exists' } as const

/** The engine alone, without files, cluster and output. */
export const engine = async ({ sizes, engineRuns }: Scale, folder: string): Promise<readonly Figure[]> => {
  const figures: Figure[] = []
  const perRoute = new Map<string, number[]>()
  for (const routes of sizes) {
    const file = join(folder, `existing-${routes}.json`)
    await work(routes, 'save', file)
    for (const mode of ['empty', 'existing'] as const) {
      say(`the engine with ${routes} routes, ${modes[mode]}`)
      const load = currentLoad()
      const runs: EngineRun[] = []
      for (let i = 0; i < engineRuns; i++) runs.push(JSON.parse(await work(routes, mode, file)) as EngineRun)
      const name = `engine ${routes.toLocaleString('en')} routes, ${modes[mode]}`
      const what = 'its DNSEndpoints from JSON'
      perRoute.set(mode, [...(perRoute.get(mode) ?? []), spread(runs.map(run => run.cpuMs)).median / routes])
      figures.push(
        figure(
          {
            name: `${name}: time`,
            unit: 'ms',
            values: runs.map(run => run.wallMs),
            floor: { what, values: runs.map(run => run.floorMs) },
            ...(routes === aim.routes ? { aim: { of: 'figure', atMost: aim.ms } as const } : {}),
          },
          load,
        ),
        figure(
          {
            name: `${name}: CPU`,
            unit: 'ms',
            values: runs.map(run => run.cpuMs),
            floor: { what, values: runs.map(run => run.floorCpuMs) },
          },
          load,
        ),
        figure({ name: `${name}: peak`, unit: 'MB', values: runs.map(run => run.peakMB) }, load),
      )
      if (mode === 'existing')
        figures.push(
          figure(
            {
              name: `statuses ${routes.toLocaleString('en')} routes: time`,
              unit: 'ms',
              values: runs.map(run => run.statusesMs),
            },
            load,
          ),
        )
    }
  }
  return [...figures, ...growth(sizes, perRoute)]
}

const work = async (routes: number, mode: string, file: string): Promise<string> =>
  (await run([process.execPath, worker, String(routes), mode, file], { keepOutput: true })).stdout

/** CPU time of 1,000 routes at the two largest sizes: the same, where the engine is linear. */
const growth = (
  sizes: readonly number[],
  perRoute: ReadonlyMap<string, readonly number[]>,
): readonly Figure[] => {
  const [smaller, larger] = sizes.slice(-2)
  if (smaller === undefined || larger === undefined) return []
  return [...perRoute].map(([mode, values]) =>
    figure({
      name: `engine, CPU per 1,000 routes of ${larger.toLocaleString('en')}, ${modes[mode as keyof typeof modes]}`,
      unit: 'ms',
      values: [(values.at(-1) ?? 0) * 1000],
      floor: { what: `the same of ${smaller.toLocaleString('en')}`, values: [(values.at(-2) ?? 0) * 1000] },
      aim: { of: 'ratio', atMost: linear },
    }),
  )
}
