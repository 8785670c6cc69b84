import { writeFileSync } from 'node:fs'
import {
  apiVersionOf,
  IstioGateway,
  type KindInfo,
  knownKinds,
  Namespace,
  routerKinds,
  Service,
} from '../../src/api/kinds.ts'
import { groupOf, type KubeObject } from '../../src/api/object.ts'
import { reconcile } from '../../src/engine/engine.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { statuses } from '../../src/engine/statuses/index.ts'
import { phases } from '../../src/execute/phases.ts'
import { connect, listAll } from './floors/api.ts'
import type { Write } from './floors/writes.ts'

export const collectionOf = (kind: KindInfo): string =>
  `/${kind.group === '' ? 'api' : 'apis'}/${apiVersionOf(kind)}/${kind.plural}`

/** Where server-side apply writes an object. */
export const writeOf = (object: KubeObject): Write => {
  const { apiVersion, kind, metadata } = object
  const info = knownKinds.find(known => known.kind === kind && known.group === groupOf(apiVersion))
  if (info === undefined) throw new Error(`no kind ${apiVersion} ${kind}`)
  const root = `/${info.group === '' ? 'api' : 'apis'}/${apiVersion}`
  const scope = info.namespaced ? `/namespaces/${metadata.namespace}` : ''
  return { path: `${root}${scope}/${info.plural}/${metadata.name}`, body: object }
}

/** The same writes that `srouter apply` would do on a cluster where nothing is derived yet. `bare-writes TARGET FILE` */
const prepare = async (target: string, file: string): Promise<void> => {
  const api = connect(target)
  const listed = await Promise.all(
    [...routerKinds, Service, Namespace].map(async kind => {
      const items = (await listAll(api, collectionOf(kind))) as KubeObject[]
      return items.map(item => ({ ...item, apiVersion: apiVersionOf(kind), kind: kind.kind }))
    }),
  )
  const settings = {
    ...defaultSettings,
    istioApiVersion: apiVersionOf(IstioGateway),
    now: `${new Date().toISOString().slice(0, 19)}Z`,
  }
  const reconciliation = reconcile({ inputs: listed.flat(), fromFiles: new Set(), current: [], settings })
  const objects = phases(reconciliation.plan.objects).map(phase =>
    phase.flatMap(({ after }) => (after === undefined ? [] : [writeOf(after)])),
  )
  const status = statuses(reconciliation)
    .filter(({ changed }) => changed)
    .map(({ ref, status }) => {
      const { apiVersion, kind, namespace, name } = ref
      const metadata = namespace === undefined ? { name } : { namespace, name }
      const { path } = writeOf({ apiVersion, kind, metadata })
      return { path: `${path}/status`, body: { apiVersion, kind, metadata, status } }
    })
  writeFileSync(file, JSON.stringify([...objects, status]))
}

if (import.meta.main) {
  const [target = '', file = ''] = process.argv.slice(2)
  await prepare(target, file)
  process.exit(0)
}
