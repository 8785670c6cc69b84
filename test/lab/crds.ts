import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeObject } from '../../src/api/object.ts'
import { type Artifact, obtain } from './cache.ts'
import { documents } from './documents.ts'
import { download } from './go.ts'
import { pins } from './pins.ts'

const dnsEndpointFile = 'dnsendpoints.json'
const istioGatewayFile = 'istio-gateways.json'

export interface Crd extends KubeObject {
  readonly spec: {
    readonly group: string
    readonly names: { readonly plural: string; readonly kind: string }
    readonly versions: readonly CrdVersion[]
  }
}
interface CrdVersion {
  readonly name: string
  readonly served: boolean
  readonly storage: boolean
}

/** The CRDs of the neighbours are in their Go modules, so we keep no copies. Of Istio's thirty we need one. */
export const crdFiles: Artifact = {
  name: 'crds',
  version: `${pins.externalDns}-${pins.istioApi}`,
  go: '1.23.0',
  make: async folder => {
    const externalDns = await download(folder, 'sigs.k8s.io/external-dns', pins.externalDns)
    const istio = await download(folder, 'istio.io/api', pins.istioApi)
    const save = async (file: string, source: string, name: string) => {
      const crd = documents(await readFile(source, 'utf8')).find(object => object.metadata.name === name)
      if (crd === undefined) throw new Error(`no ${name} in ${source}`)
      await Bun.write(join(folder, file), JSON.stringify(crd))
    }
    const standard = join(externalDns.Dir, 'config/crd/standard/dnsendpoints.externaldns.k8s.io.yaml')
    await save(dnsEndpointFile, standard, 'dnsendpoints.externaldns.k8s.io')
    const generated = join(istio.Dir, 'kubernetes/customresourcedefinitions.gen.yaml')
    await save(istioGatewayFile, generated, 'gateways.networking.istio.io')
  },
}

const load = async (file: string): Promise<Crd> =>
  JSON.parse(await readFile(join(await obtain(crdFiles), file), 'utf8')) as Crd

/** externaldns.k8s.io DNSEndpoint, with the status subresource. */
export const dnsEndpointCrd = (): Promise<Crd> => load(dnsEndpointFile)

/**
 * networking.istio.io Gateway. With `versions`, the CRD of an Istio that has only those: `['v1beta1']` is one before 1.22.
 * The first of them is stored.
 */
export const istioGatewayCrd = async (versions?: readonly string[]): Promise<Crd> => {
  const crd = await load(istioGatewayFile)
  return versions === undefined ? crd : onlyVersions(crd, versions)
}

export const onlyVersions = (crd: Crd, versions: readonly string[]): Crd => {
  const kept = versions.map(name => {
    const version = crd.spec.versions.find(candidate => candidate.name === name)
    if (version === undefined) throw new Error(`${crd.metadata.name} has no version ${name}`)
    return { ...version, storage: name === versions[0] }
  })
  return { ...crd, spec: { ...crd.spec, versions: kept } }
}

/** Our own, as `scripts/generate` wrote them. */
export const routerCrds = async (): Promise<KubeObject[]> => {
  const folder = join(import.meta.dir, '../../crds')
  if (!existsSync(folder)) return []
  const files = (await readdir(folder)).filter(file => file.endsWith('.yaml')).sort()
  return (await Promise.all(files.map(file => readFile(join(folder, file), 'utf8')))).flatMap(text =>
    documents(text),
  )
}

/** Everything that srouter reads or writes. */
export const allCrds = async (): Promise<KubeObject[]> => [
  await dnsEndpointCrd(),
  await istioGatewayCrd(),
  ...(await routerCrds()),
]
