import { cp, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { KubeObject } from '../../src/api/object.ts'
import { type Artifact, obtain } from './cache.ts'
import { documents } from './documents.ts'
import { download } from './go.ts'
import { pins } from './pins.ts'

/** What the examples are checked against, out of the Go modules of those whose it is. */

/** What is at these paths of modules, and nothing else that they have: a folder's files, or a file. */
const filesOf = (
  name: string,
  modules: readonly (readonly [module: string, version: string, paths: readonly string[]])[],
) => {
  const artifact: Artifact = {
    name,
    version: modules.map(([, version]) => version).join('-'),
    go: '1.26.0',
    make: async folder => {
      for (const [module, version, paths] of modules) {
        const { Dir } = await download(folder, module, version)
        for (const path of paths) {
          const target = path.endsWith('.yaml') ? join(folder, basename(path)) : folder
          await cp(join(Dir, path), target, { recursive: true })
        }
      }
    },
  }
  return () => obtain(artifact)
}

/** ExternalDNS's own Helm chart. */
export const externalDnsChart = filesOf('external-dns-chart', [
  ['sigs.k8s.io/external-dns', pins.externalDns, ['charts/external-dns']],
])

const operatorFolder = 'example/prometheus-operator-crd/monitoring.coreos.com'
const operatorCrds = filesOf('prometheus-operator-crds', [
  [
    'github.com/prometheus-operator/prometheus-operator',
    pins.prometheusOperator,
    [`${operatorFolder}_servicemonitors.yaml`, `${operatorFolder}_prometheusrules.yaml`],
  ],
])

const fluxControllerCrds = filesOf('flux-crds', [
  ['github.com/fluxcd/source-controller', pins.fluxSource, ['config/crd/bases']],
  ['github.com/fluxcd/kustomize-controller', pins.fluxKustomize, ['config/crd/bases']],
  ['github.com/fluxcd/helm-controller', pins.fluxHelm, ['config/crd/bases']],
])

const manifestsIn = async (folder: string): Promise<readonly KubeObject[]> => {
  const files = (await readdir(folder)).filter(name => name.endsWith('.yaml')).sort()
  const texts = await Promise.all(files.map(name => Bun.file(join(folder, name)).text()))
  return texts.flatMap(text => documents(text))
}

/** The CRDs of Flux's sources, Kustomizations and HelmReleases. */
export const fluxCrds = async (): Promise<readonly KubeObject[]> => manifestsIn(await fluxControllerCrds())

/** ServiceMonitor and PrometheusRule. */
export const prometheusOperatorCrds = async (): Promise<readonly KubeObject[]> =>
  manifestsIn(await operatorCrds())
