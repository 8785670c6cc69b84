import { describe, expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alerts } from '../../scripts/monitoring/alerts.ts'
import { dashboard, dashboardQueries } from '../../scripts/monitoring/dashboard.ts'
import { createMetrics } from '../../src/daemon/metrics.ts'
import { parsePage, section, tableRows } from '../docs/markdown.ts'

/** Alerts and dashboard, held to the metrics that there are. That they fire as they should is in test/monitoring. */

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const { registry } = createMetrics({ version: '0', commit: '0' })
const metrics = new Map(
  registry.getMetricsAsArray().map(metric => {
    const { name, type, labelNames } = metric as unknown as Record<'name' | 'type', string> & {
      readonly labelNames: readonly string[]
    }
    return [name, { type, labels: labelNames }] as const
  }),
)

/** What Prometheus adds to every target, and to buckets. */
const others = ['instance', 'pod', 'le']
const allLabels = [...[...metrics.values()].flatMap(({ labels }) => labels), ...others]

/** Names and labels in an expression that there are not. */
const unknown = (expression: string): readonly string[] => {
  const problems: string[] = []
  for (const [, full = '', matchers = ''] of expression.matchAll(/\b(srouter_\w+)(?:\{([^}]*)\})?/g)) {
    const [, name = full, suffix] = /^(\w+)_(bucket|sum|count)$/.exec(full) ?? []
    const metric = metrics.get(name)
    if (metric === undefined || (metric.type === 'histogram') !== (suffix !== undefined)) problems.push(full)
    for (const [, label = ''] of matchers.matchAll(/(\w+)\s*[=!]/g))
      if (!metric?.labels.includes(label)) problems.push(`${full}{${label}}`)
  }
  for (const [, list = ''] of expression.matchAll(/\b(?:by|on) \(([^)]*)\)/g))
    for (const label of list.split(',').map(each => each.trim()))
      if (!allLabels.includes(label)) problems.push(`by (${label})`)
  return problems
}

const labelsIn = (template: string, pattern: RegExp): readonly string[] =>
  [...template.matchAll(pattern)].map(([, label = '']) => label)

describe('every name is that of a metric', () => {
  test.each(alerts.map(({ alert, expr, summary }) => [alert, expr, summary]))('%s', (_, expr, summary) => {
    expect(unknown(expr)).toEqual([])
    expect(expr).toContain('srouter_')
    for (const label of labelsIn(summary, /\$labels\.(\w+)/g)) expect(allLabels).toContain(label)
  })

  test.each(dashboardQueries)('%s', expr => {
    expect(unknown(expr)).toEqual([])
    expect(expr).toContain('srouter_')
  })

  test('and every metric is in one of them', () => {
    const text = [...alerts.map(({ expr }) => expr), ...dashboardQueries].join('\n')
    expect([...metrics.keys()].filter(name => !text.includes(name))).toEqual([])
  })

  test.each([
    ['srouter_leader == 1', []],
    ['srouter_leaders', ['srouter_leaders']],
    ['srouter_reconcile_duration_seconds', ['srouter_reconcile_duration_seconds']],
    ['srouter_leader_count', ['srouter_leader_count']],
    ['sum by (le, phases) (srouter_routes{zone="a"})', ['srouter_routes{zone}', 'by (phases)']],
  ])('a mistake is found: %s', (expr, problems) => expect(unknown(expr)).toEqual(problems))
})

test('the values of labels are those that there are', () => {
  const findings = read('docs/findings.md')
  const failover = read('src/daemon/failover-metrics.ts')
  const values = (label: string): readonly string[] =>
    alerts.flatMap(({ expr }) =>
      [...expr.matchAll(new RegExp(`\\b${label}=~?"([^"]+)"`, 'g'))].flatMap(([, value = '']) =>
        value.split('|'),
      ),
    )
  expect(values('code').length).toBeGreaterThan(0)
  for (const code of values('code')) expect(findings).toContain(`| \`${code}\` |`)
  expect(values('state').length).toBeGreaterThan(0)
  for (const state of values('state')) expect(failover).toContain(`'${state}'`)
})

describe('the dashboard', () => {
  const { panels } = dashboard as {
    readonly panels: readonly {
      readonly id: number
      readonly title: string
      readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>
      readonly targets?: readonly { readonly legendFormat?: string }[]
    }[]
  }

  test('has panels that do not overlap', () => {
    const cells = panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
      expect([title, x + w <= 24]).toEqual([title, true])
      return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`)
    })
    expect(cells.length).toBe(new Set(cells).size)
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  })

  test('has legends of labels that there are', () => {
    const legends = panels.flatMap(({ targets = [] }) => targets.map(({ legendFormat = '' }) => legendFormat))
    const labels = legends.flatMap(legend => labelsIn(legend, /\{\{(\w+)\}\}/g))
    expect(labels.length).toBeGreaterThan(0)
    for (const label of labels) expect(allLabels).toContain(label)
  })
})

test('docs/operations.md has a row for each alert', () => {
  const path = 'docs/operations.md'
  const text = read(path)
  const table = [
    '| alert | severity | after | means, and what to do |',
    '|---|---|---|---|',
    ...alerts.map(
      ({ alert, severity, for: wait = 'at once', description }) =>
        `| \`${alert}\` | ${severity} | ${wait} | ${description} |`,
    ),
  ].join('\n')
  if (process.env.UPDATE_GOLDEN === '1')
    writeFileSync(
      join(root, path),
      text.replace(/\| alert \|[\s\S]*?\n(?=\n)/, () => `${table}\n`),
    )
  else expect(section(parsePage(path, text), '## Alerts')).toContain(table)
  // Nothing in a cell may end it.
  for (const row of tableRows(table)) expect(row.length).toBe(4)
})
