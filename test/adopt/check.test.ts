import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkData, checkLines } from '../../src/cli/adopt/check.ts'
import { deployment, oldOwned, owned, progressIn, published, registry, single } from './scene.ts'

const commands = readFileSync(join(import.meta.dirname, '../../docs/commands.md'), 'utf8')

test('what --check says is what the documents show', () => {
  const progress = progressIn({ zone: [...published, ...oldOwned], deployments: [single()] })
  const lines = [...checkLines({ me: 'aks01-weu', zones: [progress] })]
  expect(commands).toContain(`\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`)
})

test('danger stands first, with what to do about it', () => {
  const zones = [
    progressIn({
      zone: [...published, ...oldOwned, ...owned],
      deployments: [deployment('early', 'routes', [...registry('zone-weu', 'sr-')])],
    }),
  ]
  const text = [...checkLines({ me: 'aks01-weu', zones })].join('\n')
  expect(text).toContain('\n  DANGER: Deployment dns/early, which runs, deletes a record of zone weu:')
  expect(text).toContain('\n    stop it at once: kubectl -n dns scale deployment early --replicas=0')
})

test('records that are left alone are named', () => {
  const zones = [
    progressIn({
      zone: ['aks01-weu-internal A 10.9.9.9', 'web-ns-p-prod-shop CNAME aks01-neu-internal.aks.example.com'],
    }),
  ]
  expect([...checkLines({ me: 'aks01-weu', zones })].join('\n')).toContain(
    'note: 2 records with another value than this cluster publishes, left to who writes it: aks01-weu-internal.aks.example.com A',
  )
})

test('as JSON it has the same, and nothing that is undefined', () => {
  const zones = [progressIn({ zone: [...published, ...oldOwned], deployments: [single()] })]
  const data = checkData({ me: 'aks01-weu', zones })
  expect(JSON.parse(JSON.stringify(data))).toEqual(data)
  expect(data).toMatchObject({
    formatVersion: '1.0',
    cluster: 'aks01-weu',
    zones: [
      {
        zone: 'weu',
        step: 'open',
        dangers: [],
        instances: [
          { deployment: 'dns/old', running: true, role: 'single', owner: 'zone-weu', txtPrefix: 'sr-' },
        ],
        records: { owned: 0, open: 2, mistaken: 0, differs: 0, unread: 0 },
        next: [{ command: null, arguments: expect.arrayContaining(['--managed-record-types=TXT']) }],
      },
    ],
  })
})

test('an instance of which nothing is known is told, as it may write the zone', () => {
  const hidden = deployment('hidden', undefined, [])
  const [container] = (hidden.spec as { template: { spec: { containers: object[] } } }).template.spec
    .containers
  Object.assign(container ?? {}, { command: ['sh', '-c', 'external-dns $FLAGS'], args: [] })
  const zones = [progressIn({ zone: [...published, ...owned], deployments: [hidden] })]
  const text = [...checkLines({ me: 'aks01-weu', zones })].join('\n')
  expect(text).toMatch(/note: Deployment dns\/hidden does not say its .*--txt-owner-id.*nobody can tell/)
})
