import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { alerts } from '../../scripts/monitoring/alerts.ts'
import { dashboardQueries } from '../../scripts/monitoring/dashboard.ts'
import { daemonPlane } from '../daemon/support/plane.ts'
import { type RunningDaemon, startDaemon } from '../daemon/support/process.ts'
import { becomes } from '../daemon/support/records.ts'
import { base, baseRecords } from '../daemon/support/scene.ts'
import { become } from '../daemon/support/world.ts'
import { inFolder } from '../executable/folder.ts'
import { execute, root } from '../executable/process.ts'
import { describeLab } from '../lab/suite.ts'
import { executable } from '../lab/tools.ts'
import { waitFor } from '../lab/wait.ts'

/** A daemon that has nothing to do, watched for as many intervals as alerts look back minutes. */

const minutes = 20
const success = 'srouter_last_full_success_timestamp_seconds'

/** Series and its value: `srouter_routes{phase="Active"}` → 1. */
const samplesOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/^(srouter_\w+(?:\{.*\})?) (\S+)$/gm)].map(([, series = '', value = '']) => [
      series,
      value,
    ]),
  )

/** What it serves at the end of each interval. */
const watched = async (daemon: RunningDaemon): Promise<readonly ReadonlyMap<string, string>[]> => {
  const scrapes: ReadonlyMap<string, string>[] = []
  while (scrapes.length < minutes) {
    const before = scrapes.at(-1)?.get(success)
    const next = async () => {
      const samples = samplesOf((await daemon.get('metrics', '/metrics')).text)
      return samples.get(success) === before ? undefined : samples
    }
    scrapes.push(await waitFor(next, { what: 'the next interval', everyMs: 50 }))
  }
  return scrapes
}

/** An interval is a minute to promtool, whose clock begins at 0. */
const seriesOf = (scrapes: readonly ReadonlyMap<string, string>[]) =>
  [...new Set(scrapes.flatMap(samples => [...samples.keys()]))].map(series => ({
    series: /\{/.test(series) ? series.replace('{', '{instance="a",') : `${series}{instance="a"}`,
    values: scrapes
      .map((samples, minute) => (series === success ? String(minute * 60) : (samples.get(series) ?? '_')))
      .join(' '),
  }))

describeLab(
  'a daemon that is well',
  () => {
    test('has every metric that is asked for, and fires no alert', async () => {
      const known = await daemonPlane()
      await known.mend()
      await using daemon = startDaemon({ kubeconfig: known.kubeconfig(), flags: ['--interval', '1s'] })
      await daemon.ready()
      await become(known.plane, base)
      await becomes(known.plane, baseRecords)

      const { text } = await daemon.get('metrics', '/metrics')
      const asked = [...alerts.map(({ expr }) => expr), ...dashboardQueries]
        .join('\n')
        .match(/\bsrouter_\w+/g)
      for (const name of new Set(asked))
        expect(text).toContain(`# HELP ${name.replace(/_(bucket|sum|count)$/, '')} `)

      const input_series = seriesOf(await watched(daemon))
      expect(input_series.length).toBeGreaterThan(20)
      const test = {
        rule_files: [join(root, 'deploy/monitoring/alerts.yaml')],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            input_series,
            alert_rule_test: alerts.map(({ alert }) => ({
              eval_time: `${minutes - 1}m`,
              alertname: alert,
              exp_alerts: [],
            })),
          },
        ],
      }
      await inFolder({ 'test.yaml': stringify(test) }, async folder => {
        const argv = ['test', 'rules', join(folder, 'test.yaml')]
        const { code, out, err } = await execute(await executable('promtool'), argv)
        expect([code, code === 0 ? '' : `${out}${err}`]).toEqual([0, ''])
      })
    }, 180_000)
  },
  'promtool',
)
