import { beforeAll, describe, expect, test } from 'bun:test'
import { joined } from '../../../src/cli/render/chunks.ts'
import { doctorJson } from '../../../src/cli/render/doctor/json.ts'
import { doctorText } from '../../../src/cli/render/doctor/text.ts'
import { plainStyle } from '../../../src/cli/render/style.ts'
import { problem } from '../../../src/doctor/check.ts'
import { examine, type Report } from '../../../src/doctor/examine.ts'
import { unknown } from '../../../src/doctor/facts.ts'
import { factsOf } from '../../doctor/memory.ts'
import { editOf, rows } from '../../doctor/rows.ts'
import { healthy } from '../../doctor/scene.ts'
import { goldens } from '../../lib/golden.ts'

const golden = goldens('render-doctor')

/** What has no time in it. */
const shown = [
  'ArgumentsRead: a switch with a value',
  'Events: without',
  'Gate: none',
  'OwnershipNames: a long prefix of gateways',
  'SyncWithSharedOwner: the owner of a zone',
  'ClaimableHosts: another border between the two',
  'LoadBalancers: two',
]

const hostile = '\u001b[31m\u202e::error::\n##[group]'

const reports: Record<string, Report> = {
  hostile: {
    cluster: { cluster: hostile, region: hostile, domain: hostile },
    results: [
      { group: 'Zones', code: 'A', verdict: { ok: hostile }, remedy: '' },
      { group: 'Zones', code: 'B', verdict: { notChecked: hostile }, remedy: '' },
      {
        group: 'Ingress',
        code: 'C',
        verdict: {
          problems: [
            problem('error', hostile, { apiVersion: 'v1', kind: hostile, namespace: hostile, name: hostile }),
          ],
        },
        remedy: hostile,
      },
    ],
    summary: { ok: 1, warnings: 0, errors: 1, notChecked: 1 },
  },
}

beforeAll(async () => {
  const now = Date.now()
  const scene = await healthy(now)
  let ill = scene
  for (const row of rows) if (shown.includes(`${row.code}: ${row.what}`)) ill = (await editOf(row, now))(ill)
  const why = unknown('not allowed to get secrets in namespace "ingress"')
  reports.healthy = examine(factsOf(scene, now))
  reports.ill = examine({ ...factsOf(ill, now), secrets: new Map([['ingress/tls', why]]) })
  reports.forbidden = examine({
    ...factsOf(scene, now),
    state: unknown('not allowed to list services in all namespaces'),
    deployments: unknown('not allowed to list deployments.apps in all namespaces'),
  })
})

const reportOf = (name: string): Report => {
  const report = reports[name]
  if (report === undefined) throw new Error(`no report ${name}`)
  return report
}

describe.each(['healthy', 'ill', 'forbidden', 'hostile'])('%s', name => {
  test('as text', () => golden(`${name}.txt`, joined(doctorText(reportOf(name), plainStyle))))
  test('as JSON', () => {
    const text = joined(doctorJson(reportOf(name)))
    golden(`${name}.json`, text)
    expect(Object.keys(JSON.parse(text))).toEqual(['formatVersion', 'cluster', 'summary', 'checks'])
  })
  test('within 80 columns, but for what cannot be broken', () => {
    const long = joined(doctorText(reportOf(name), plainStyle))
      .split('\n')
      .filter(line => line.length > 80 && line.trim().includes(' '))
    expect(name === 'hostile' ? [] : long).toEqual([])
  })
})

test('in colour', () => golden('color.txt', joined(doctorText(reportOf('ill'), { color: true, width: 80 }))))

test('of many problems some, and how many more there are', () => {
  const problems = Array.from({ length: 25 }, (_, index) => problem('warning', `problem ${index}`))
  const report: Report = {
    cluster: undefined,
    results: [{ group: 'Zones', code: 'A', verdict: { problems }, remedy: 'remedy' }],
    summary: { ok: 0, warnings: 1, errors: 0, notChecked: 0 },
  }
  const text = joined(doctorText(report, plainStyle))
  expect(text.split('\n').length).toBeLessThan(20)
  expect(text).toContain('           and 15 more, which -o json has\n           → remedy\n')
  expect(JSON.parse(joined(doctorJson(report))).checks[0].problems).toHaveLength(25)
})

test('the rows that are shown exist', () =>
  expect(shown.filter(each => !rows.some(({ code, what }) => each === `${code}: ${what}`))).toEqual([]))
