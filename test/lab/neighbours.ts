import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeObject } from '../../src/api/object.ts'
import { type Artifact, obtain } from './cache.ts'
import { documents } from './documents.ts'
import { download } from './go.ts'
import { pins } from './pins.ts'

/** What the examples are checked against, out of the Go modules of those whose it is. */

/** The folder of a module, without what else the module has. */
const folderOf = (
  name: string,
  modules: readonly (readonly [module: string, version: string, path: string])[],
) => {
  const artifact: Artifact = {
    name,
    version: modules.map(([, version]) => version).join('-'),
    go: '1.26.0',
    make: async folder => {
      for (const [module, version, path] of modules)
        await cp(join((await download(folder, module, version)).Dir, path), folder, { recursive: true })
    },
  }
  return () => obtain(artifact)
}

/** ExternalDNS's own Helm chart. */
export const externalDnsChart = folderOf('external-dns-chart', [
  ['sigs.k8s.io/external-dns', pins.externalDns, 'charts/external-dns'],
])

const fluxCrdFolder = folderOf('flux-crds', [
  ['github.com/fluxcd/source-controller', pins.fluxSource, 'config/crd/bases'],
  ['github.com/fluxcd/kustomize-controller', pins.fluxKustomize, 'config/crd/bases'],
  ['github.com/fluxcd/helm-controller', pins.fluxHelm, 'config/crd/bases'],
])

/** The CRDs of Flux's sources, Kustomizations and HelmReleases. */
export const fluxCrds = async (): Promise<readonly KubeObject[]> => {
  const folder = await fluxCrdFolder()
  const files = (await readdir(folder)).filter(name => name.endsWith('.yaml')).sort()
  const texts = await Promise.all(files.map(name => Bun.file(join(folder, name)).text()))
  return texts.flatMap(text => documents(text))
}
