import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { service } from '../engine/build.ts'
import { address, cname, domain, endpoint, istio } from '../import/support.ts'
import { inFolder } from './folder.ts'
import { root, srouter } from './process.ts'

const hosts = 5000
const zones = ['weu', 'neu']

/** Hosts that can be split in several ways, in two zones, with the labels of a chart. */
const byHand = (): string =>
  [
    service(),
    istio('by-hand', [`*.${domain}`]),
    ...zones.map(zone => endpoint(zone, [address()], { namespace: 'ingress', name: `gateway-${zone}` })),
    ...Array.from({ length: hosts }, (_, index) =>
      zones.map(zone =>
        endpoint(zone, [cname(`api-${index}-ns-p-prod-my-app`)], {
          namespace: `team-${index % 50}`,
          name: `api-${index}-${zone}`,
          labels: {
            'router.io/controller': `external-dns-${zone}`,
            'app.kubernetes.io/managed-by': 'Helm',
            'helm.sh/chart': 'app-1.2.3',
          },
        }),
      ),
    ).flat(),
  ]
    .map(each => `---\n${JSON.stringify(each)}\n`)
    .join('')

test('10,000 DNSEndpoints are imported in seconds', async () => {
  await inFolder({ 'endpoints.yaml': byHand() }, async folder => {
    const file = join(folder, 'endpoints.yaml')
    const process = Bun.spawn([srouter(), 'import', '-o', 'json', '-f', file], {
      cwd: root,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const [out, code] = await Promise.all([process.stdout.text(), process.exited])
    const { summary } = JSON.parse(out) as { summary: Readonly<Record<string, number>> }
    const records = zones.length * (hosts + 1)
    expect([code, summary.records, summary.reproduced]).toEqual([0, records, records])
    // Two are needed, of time on a processor, which others on the machine do not take away.
    expect(Number(process.resourceUsage()?.cpuTime.total ?? 0) / 1e6).toBeLessThan(10)
  })
}, 60_000)
