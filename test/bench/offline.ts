import { join } from 'node:path'
import type { Executables } from './executables.ts'
import { currentLoad, type Figure, figure } from './figure.ts'
import { writeManifests } from './input.ts'
import { byTurns, run } from './process.ts'
import { type Scale, say } from './scale.ts'

const startUpAim = 60
const planAim = 1500
const aimedAt = 10_000

export const startUp = async ({ srouter, hello }: Executables, { startUps }: Scale): Promise<Figure> => {
  const load = currentLoad()
  say('start-up')
  await byTurns(
    1,
    () => run([srouter, 'version']),
    () => run([hello]),
  )
  const { first, second } = await byTurns(
    startUps,
    () => run([srouter, 'version']),
    () => run([hello]),
  )
  return figure(
    {
      name: 'start-up: srouter version',
      unit: 'ms',
      values: first.map(({ wallMs }) => wallMs),
      floor: { what: 'hello world', values: second.map(({ wallMs }) => wallMs) },
      aim: { of: 'figure', atMost: startUpAim },
    },
    load,
  )
}

/** `validate` and `plan` of files: time, CPU time and peak memory, beside bare parsing. */
export const fromFiles = async (
  { srouter, parse }: Executables,
  { sizes, fileRuns }: Scale,
  folder: string,
): Promise<readonly Figure[]> => {
  const figures: Figure[] = []
  for (const routes of sizes) {
    const manifests = join(folder, `manifests-${routes}`)
    writeManifests(manifests, routes)
    for (const command of ['validate', 'plan'] as const) {
      say(`${command} of ${routes} routes from files`)
      const load = currentLoad()
      const more = command === 'plan' ? ['--current', 'none'] : []
      const { first, second } = await byTurns(
        fileRuns,
        () => run([srouter, command, '-f', manifests, ...more]),
        () => run([parse, manifests]),
      )
      const one = (what: string, unit: 'ms' | 'MB', of: 'wallMs' | 'cpuMs' | 'peakMB') =>
        figure(
          {
            name: `${command} ${routes.toLocaleString('en')} routes: ${what}`,
            unit,
            values: first.map(run => run[of]),
            floor: { what: 'parsing the files', values: second.map(run => run[of]) },
            ...(command === 'plan' && routes === aimedAt && of === 'wallMs'
              ? { aim: { of: 'figure', atMost: planAim } as const }
              : {}),
          },
          load,
        )
      figures.push(one('time', 'ms', 'wallMs'), one('CPU', 'ms', 'cpuMs'), one('peak', 'MB', 'peakMB'))
    }
  }
  return figures
}
