import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { alerts } from '../../scripts/monitoring/alerts.ts'
import { dashboardQueries } from '../../scripts/monitoring/dashboard.ts'
import { inFolder } from '../executable/folder.ts'
import { execute, root } from '../executable/process.ts'
import { describeLab } from '../lab/suite.ts'
import { executable } from '../lab/tools.ts'
import { type Row, rows } from './rows.ts'

const ruleFile = join(root, 'deploy/monitoring/alerts.yaml')

const promtool = async (...argv: readonly string[]) => execute(await executable('promtool'), argv)

/** `16m` → `15m` */
const aMinuteBefore = (time: string): string => `${Number.parseInt(time, 10) - 1}m`

/** A file of tests as promtool reads it. */
const unitTests = (row: Row): object => {
  const rule = alerts.find(({ alert }) => alert === row.alert)
  if (rule === undefined) throw new Error(`there is no alert ${row.alert}`)
  const { alert, severity, description, for: wait } = rule
  const fires = {
    exp_labels: { severity, ...row.labels },
    exp_annotations: { summary: row.summary, description },
  }
  const test = (
    series: Row['quiet'],
    expectations: readonly (readonly [at: string, alerts: readonly object[]])[],
  ) => ({
    interval: '1m',
    input_series: series.map(([name, values]) => ({ series: name, values })),
    alert_rule_test: expectations.map(([eval_time, exp_alerts]) => ({
      eval_time,
      alertname: alert,
      exp_alerts,
    })),
  })
  return {
    rule_files: [ruleFile],
    evaluation_interval: '1m',
    tests: [
      test(row.quiet, [
        [row.at, []],
        ['60m', []],
      ]),
      test(row.firing, [
        ...(wait === undefined ? [] : ([[aMinuteBefore(row.at), []]] as const)),
        [row.at, [fires]],
      ]),
    ],
  }
}

describeLab(
  'the alerts',
  () => {
    test('are rules', async () => {
      const { code, out, err } = await promtool('check', 'rules', ruleFile)
      expect([code, err]).toEqual([0, ''])
      expect(out).toContain(`${alerts.length} rules found`)
    })

    test.each(rows.map(row => [`${row.alert}: ${row.summary}`, row] as const))('%s', async (_, row) => {
      await inFolder({ 'test.yaml': stringify(unitTests(row)) }, async folder => {
        const { code, out, err } = await promtool('test', 'rules', join(folder, 'test.yaml'))
        expect(`${code === 0 ? '' : out}${err}`).toBe('')
        expect(code).toBe(0)
      })
    })

    test('are tested, each of them', () => {
      const tested = new Set(rows.map(({ alert }) => alert))
      expect(alerts.map(({ alert }) => alert)).toEqual([...tested])
    })

    test('a test of them can fail', async () => {
      const [row] = rows.filter(({ alert }) => alert === 'SrouterYielded')
      if (row === undefined) throw new Error('no row')
      await inFolder({ 'test.yaml': stringify(unitTests({ ...row, quiet: row.firing })) }, async folder => {
        expect(await promtool('test', 'rules', join(folder, 'test.yaml'))).toMatchObject({ code: 1 })
      })
    })
  },
  'promtool',
)

describeLab(
  'the dashboard',
  () => {
    test('asks in the language of Prometheus', async () => {
      const rules = dashboardQueries.map((expr, index) => ({
        record: `panel:${index}`,
        expr: expr.replaceAll('$__rate_interval', '5m'),
      }))
      const text = stringify({ groups: [{ name: 'panels', rules }] })
      await inFolder({ 'rules.yaml': text }, async folder => {
        const { code, out, err } = await promtool('check', 'rules', join(folder, 'rules.yaml'))
        expect([code, err]).toEqual([0, ''])
        expect(out).toContain(`${dashboardQueries.length} rules found`)
      })
    })
  },
  'promtool',
)
