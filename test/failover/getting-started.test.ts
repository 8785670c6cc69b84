import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Block, parsePage } from '../docs/markdown.ts'
import { comparable, onlyLooks, rewritten, type Step, stepsOf } from '../docs/walk-through.ts'
import { execute, root, srouter } from '../executable/process.ts'
import { startZone, type Zone } from '../lab/bind.ts'
import { bindProgram } from '../lab/bind-tools.ts'
import type { Manifest } from '../lab/client.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { dnsEndpointCrd, istioGatewayCrd } from '../lab/crds.ts'
import { daemonOn, home } from '../lab/daemon.ts'
import { startExternalDns } from '../lab/external-dns.ts'
import { namespace } from '../lab/region-manifests.ts'
import { describeLab } from '../lab/suite.ts'
import { executable } from '../lab/tools.ts'
import { waitFor } from '../lab/wait.ts'

const path = 'docs/getting-started.md'
const page = parsePage(path, readFileSync(join(root, path), 'utf8'))
const steps = stepsOf(page)
const updates = process.env.UPDATE_GOLDEN === '1'
/** Until what is looked at is as it is shown: a few cycles of everything, on a busy machine. */
const timeoutMs = updates ? 15_000 : 90_000
const domain = 'aks.example.com'

/**
 * docs/getting-started.md from top to bottom, with kubectl, ExternalDNS and BIND. What a reader has and the page does
 * not make is made here: the cluster with its load balancer, the zones, whatever runs in pods, for there are no nodes, and
 * the second cluster. Name servers of the lab are on ports of their own, so their addresses are put in and taken out.
 */
describeLab(
  path,
  () => {
    let plane: ControlPlane
    let weu: Zone
    let neu: Zone
    let kubeconfig: string
    const folder = mkdtempSync(join(tmpdir(), 'srouter-started-'))
    const programs = mkdtempSync(join(tmpdir(), 'srouter-programs-'))
    const started = new AsyncDisposableStack()
    const outputs: { readonly shown: Block; readonly out: string }[] = []

    beforeAll(async () => {
      weu = started.use(await startZone({ name: domain, region: 'weu' }))
      neu = started.use(await startZone({ name: domain, region: 'neu' }))
      const crds = [await dnsEndpointCrd(), await istioGatewayCrd()]
      plane = started.use(await startControlPlane({ manifests: crds }))
      kubeconfig = plane.kubeconfig()
      await plane.applyManifests([namespace('istio-system'), ingress])
      symlinkSync(srouter(), join(programs, 'srouter'))
      symlinkSync(await executable('kubectl'), join(programs, 'kubectl'))
      symlinkSync(await bindProgram('dig'), join(programs, 'dig'))
    }, 300_000)
    afterAll(async () => {
      await started.disposeAsync()
      for (const each of [folder, programs]) rmSync(each, { recursive: true })
      if (updates) writeFileSync(join(root, path), rewritten(page, outputs))
    })

    /** What the lab does before the line that begins so. */
    const turns = new Map<string, () => Promise<void>>([
      [
        'kubectl -n srouter-system rollout status',
        async () => {
          const daemon = await daemonOn(plane, { flags: ['--interval', '5s'] })
          started.defer(() => daemon.kill())
          await daemon.start()
          await rolledOut()
        },
      ],
      [
        'dig @10.1.0.4 +short aks01-weu-internal',
        async () => {
          for (const kind of ['routes', 'gateways'] as const) {
            const options = { kind, zone: weu, cluster: 'aks01-weu', kubeconfig, folder: plane.folder }
            const instance = await startExternalDns(options)
            started.defer(() => instance.kill())
          }
        },
      ],
      [
        'kubectl apply -f failover.yaml',
        async () => {
          const there = `update add aks01-neu-internal.${domain} 60 A 10.2.0.10`
          for (const zone of [weu, neu]) await zone.update(there)
        },
      ],
    ])

    /** As the kubelets of two nodes would have it. */
    const rolledOut = async (): Promise<void> => {
      const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: home, name: 'srouter' }
      const deployment = await plane.read(ref)
      const all = Object.fromEntries(
        ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas'].map(field => [field, 2]),
      )
      const status = { observedGeneration: deployment?.metadata.generation, ...all }
      const contentType = 'application/merge-patch+json'
      const { body, ...reply } = await plane.request(
        'PATCH',
        `${await plane.pathOf(ref)}/status`,
        { status },
        { contentType },
      )
      expect([reply.status, body]).toEqual([200, expect.anything()])
    }

    const atLab = (given: string): string =>
      [weu, neu].reduce(
        (said, zone) =>
          said
            .replaceAll(`@${shownAs(zone)} `, `@${zone.address} -p ${zone.port} `)
            .replaceAll(`"${shownAs(zone)}"`, `"${zone.nameserver}"`),
        given,
      )
    const asShown = (given: string): string =>
      [weu, neu].reduce((said, zone) => said.replaceAll(zone.nameserver, shownAs(zone)), given)

    const run = async (line: string): Promise<string> => {
      for (const [begin, prepare] of turns) {
        if (!line.startsWith(begin)) continue
        turns.delete(begin)
        await prepare()
      }
      const script = `set -euo pipefail; exec 2>&1; ${atLab(line)}`
      const { code, out } = await execute('/bin/bash', ['-c', script], {
        cwd: folder,
        env: {
          PATH: `${programs}:/usr/bin:/bin`,
          KUBECONFIG: kubeconfig,
          // not `folder`: kubectl keeps its cache at home, and that is no manifest of the reader's
          HOME: programs,
          NO_PROXY: '127.0.0.1',
        },
      })
      if (code !== 0) throw new Error(`${line}\nended with ${code}:\n${out}`)
      return asShown(out)
    }

    /** What is shown must come; what only looks is asked until it does. */
    const walk = async (step: Step): Promise<void> => {
      if (step.do === 'save') return writeFileSync(join(folder, step.file), atLab(step.text))
      const { block, shown } = step
      let out = ''
      const once = async (): Promise<boolean> => {
        out = ''
        for (const line of block.text.split('\n')) out += await run(line)
        return shown === undefined || comparable(out) === comparable(shown.text)
      }
      const patient = shown !== undefined && onlyLooks(block)
      await (patient
        ? waitFor(once, { what: block.text, timeoutMs, everyMs: 250 }).catch(() => false)
        : once())
      if (shown === undefined) return
      if (updates) outputs.push({ shown, out })
      else expect(comparable(out)).toBe(comparable(shown.text))
    }

    let reached = true
    test.each([...new Set(steps.map(({ heading }) => heading))])(
      '%s',
      async heading => {
        if (!reached) throw new Error('a part before this one failed')
        reached = false
        for (const step of steps.filter(each => each.heading === heading)) await walk(step)
        reached = true
      },
      240_000,
    )

    test('the lab has had its turns', () => expect([...turns.keys()]).toEqual([]))
  },
  'bind',
  'external-dns',
  'kubectl',
)

/** As Istio's own chart makes it, and a cloud gives it an address. */
const ingress: Manifest = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'istio-ingressgateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' } },
  spec: { type: 'LoadBalancer', ports: [{ port: 443 }] },
  status: { loadBalancer: { ingress: [{ ip: '10.1.0.10' }] } },
}

/** Where the page has the name servers of the zones. */
const shownAs = ({ region }: Zone): string => (region === 'weu' ? '10.1.0.4' : '10.2.0.4')
