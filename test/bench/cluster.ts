import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { knownKinds } from '../../src/api/kinds.ts'
import { type ControlPlane, startControlPlane } from '../lab/cluster.ts'
import { allCrds } from '../lab/crds.ts'
import { labMissing, prepareLab } from '../lab/tools.ts'
import { collectionOf, writeOf } from './bare-writes.ts'
import type { Executables } from './executables.ts'
import { currentLoad, type Figure, figure, type Measurement } from './figure.ts'
import type { Target } from './floors/api.ts'
import { namespaceCount, namespaceName, platform, tenant } from './input.ts'
import { byTurns, type Run, run } from './process.ts'
import { type Scale, say } from './scale.ts'

const applyAim = 1.3
const planAim = 2

/** `apply` and `plan` on control planes of the lab, beside the same requests made by a bare loop. */
export const cluster = async (
  executables: Executables,
  scale: Scale,
  folder: string,
): Promise<readonly Figure[]> => {
  const missing = labMissing()
  if (missing !== undefined) {
    say(`nothing is measured on a cluster: ${missing}`)
    return []
  }
  await prepareLab()
  return [
    ...(await onCluster(executables, { ...scale, routes: scale.applied, aims: true }, folder)),
    // Once, for its memory: nothing can be said of a time that was measured once.
    ...(await onCluster(executables, { ...scale, routes: scale.large, applyRuns: 1, aims: false }, folder)),
  ]
}

interface Size {
  readonly routes: number
  readonly applyRuns: number
  readonly planRuns: number
  readonly aims: boolean
}

const onCluster = async (
  { srouter, lists, writes }: Executables,
  { routes, applyRuns, planRuns, aims }: Size,
  folder: string,
): Promise<readonly Figure[]> => {
  const before = currentLoad()
  const applied: Run[] = []
  const written: Run[] = []
  const plans: { first: readonly Run[]; second: readonly Run[] } = { first: [], second: [] }
  for (let i = 0; i < applyRuns; i++) {
    say(`bare writes for ${routes} routes, ${i + 1} of ${applyRuns}`)
    {
      await using plane = await withRoutes(routes, writes, folder)
      const file = join(folder, 'writes.json')
      await run([process.execPath, join(import.meta.dir, 'bare-writes.ts'), targetOf(plane, folder), file])
      written.push(await run([writes, targetOf(plane, folder), file]))
    }
    say(`apply of ${routes} routes, ${i + 1} of ${applyRuns}`)
    await using plane = await withRoutes(routes, writes, folder)
    const kubeconfig = ['--kubeconfig', plane.kubeconfig()]
    applied.push(await run([srouter, 'apply', '--auto-approve', ...kubeconfig]))
    if (i < applyRuns - 1) continue
    say(`plan of ${routes} routes`)
    const paths = knownKinds.map(collectionOf)
    Object.assign(
      plans,
      await byTurns(
        planRuns,
        () => run([srouter, 'plan', ...kubeconfig]),
        () => run([lists, targetOf(plane, folder), ...paths]),
      ),
    )
  }
  const of = (name: string, runs: readonly Run[], floor: string, floors: readonly Run[], aim: number) => {
    const one = (what: string, unit: 'ms' | 'MB', key: 'wallMs' | 'cpuMs' | 'peakMB', ratio?: number) =>
      figure(
        {
          name: `${name} on a cluster with ${routes.toLocaleString('en')} routes: ${what}`,
          unit,
          values: runs.map(run => run[key]),
          floor: { what: floor, values: floors.map(run => run[key]) },
          ...(ratio === undefined || !aims ? {} : { aim: { of: 'ratio', atMost: ratio } as const }),
        } satisfies Measurement,
        before,
      )
    return [one('time', 'ms', 'wallMs', aim), one('CPU', 'ms', 'cpuMs'), one('peak', 'MB', 'peakMB')]
  }
  return [
    ...of('cold apply', applied, 'bare server-side applies', written, applyAim),
    ...of('plan', plans.first, 'bare lists', plans.second, planAim),
  ]
}

/** A fresh control plane with the input, and nothing that is derived from it. */
export const withRoutes = async (routes: number, writes: string, folder: string): Promise<ControlPlane> => {
  const plane = await startControlPlane({ manifests: await allCrds() })
  const spaces = [
    'istio-system',
    ...Array.from({ length: namespaceCount }, (_, index) => namespaceName(index)),
  ]
  await plane.applyManifests(
    spaces.map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  )
  await plane.applyManifests(platform)
  const file = join(folder, 'input.json')
  const tenants = spaces.slice(1).flatMap((_, index) => tenant(index, routes / namespaceCount))
  writeFileSync(file, JSON.stringify([tenants.map(writeOf)]))
  await run([writes, targetOf(plane, folder), file])
  return plane
}

export const targetOf = ({ url, ca, admin, folder: own }: ControlPlane, folder: string): string => {
  const file = join(folder, `target-${own.replace(/\W/g, '-')}.json`)
  const target: Target = { url, ca, cert: admin.cert, key: admin.key }
  writeFileSync(file, JSON.stringify(target), { mode: 0o600 })
  return file
}
