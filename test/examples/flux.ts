import { join } from 'node:path'
import { chartOf, helmPrints } from '../charts/support/helm.ts'
import { inFolder } from '../executable/folder.ts'
import { execute, root } from '../executable/process.ts'
import type { Manifest } from '../lab/client.ts'
import { documents } from '../lab/documents.ts'
import { externalDnsChart } from '../lab/neighbours.ts'
import { executable } from '../lab/tools.ts'

/** examples/flux as Flux would see it. */

export const folder = join(root, 'examples/flux')
export const clusters = ['aks01-weu', 'aks01-neu'] as const
export type Cluster = (typeof clusters)[number]

export interface Reference {
  readonly apiVersion?: string
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}

export interface Kustomization extends Manifest {
  readonly spec: {
    readonly path: string
    readonly prune: boolean
    readonly wait?: boolean
    readonly dependsOn?: readonly { readonly name: string }[]
    readonly sourceRef: Reference
    readonly healthChecks?: readonly Required<Reference>[]
  }
}

export interface HelmRelease extends Manifest {
  readonly spec: {
    readonly chart?: {
      readonly spec: { readonly chart: string; readonly version: string; readonly sourceRef: Reference }
    }
    readonly chartRef?: Reference
    readonly install?: object
    readonly values: Readonly<Record<string, unknown>>
    readonly valuesFrom?: readonly Reference[]
  }
}

export const kustomized = async <T = Manifest>(path: string): Promise<readonly T[]> => {
  const { code, out, err } = await execute(await executable('kustomize'), ['build', join(folder, path)])
  if (code !== 0) throw new Error(`kustomize build ${path} ended with ${code}:\n${err}`)
  return documents<T>(out)
}

/** What a Kustomization applies; undefined where it is out of another repository. */
export const appliedBy = async ({ spec }: Kustomization): Promise<readonly Manifest[] | undefined> =>
  spec.sourceRef.name === 'flux-system' ? kustomized(spec.path) : undefined

/** All that a cluster gets out of this repository. */
export const everything = async (cluster: Cluster): Promise<readonly Manifest[]> => {
  const kustomizations = await kustomized<Kustomization>(`clusters/${cluster}`)
  const applied = await Promise.all(kustomizations.map(appliedBy))
  return [...kustomizations, ...applied.flatMap(objects => objects ?? [])]
}

export const ofKind = <T extends Manifest = Manifest>(
  objects: readonly Manifest[],
  kind: string,
): readonly T[] => objects.filter(object => object.kind === kind) as unknown as readonly T[]

export const named = (
  objects: readonly Manifest[],
  { kind, name, namespace }: Reference,
): Manifest | undefined =>
  objects.find(
    object =>
      object.kind === kind &&
      object.metadata.name === name &&
      (object.metadata.namespace ?? '') === (namespace ?? ''),
  )

/** What a release makes: its chart, with the values of its ConfigMaps and its own laid over them. */
export const released = async (
  { metadata, spec }: HelmRelease,
  objects: readonly Manifest[],
): Promise<readonly Manifest[]> => {
  const { name, namespace = '' } = metadata
  const chart =
    spec.chart?.spec.chart === 'external-dns' ? await externalDnsChart() : chartOf(spec.chartRef?.name ?? '')
  const shared = (spec.valuesFrom ?? []).map(({ kind, name: map }) => {
    const data = named(objects, { kind, name: map, namespace })?.data
    const text = (data as Readonly<Record<string, string>> | undefined)?.['values.yaml']
    if (text === undefined) throw new Error(`${name} has values from ${kind} ${map}, which has none`)
    return text
  })
  const values = [...shared, JSON.stringify(spec.values)]
  const files = Object.fromEntries(values.map((text, index) => [`${index}.yaml`, text]))
  return inFolder(files, async below => {
    const given = Object.keys(files).flatMap(file => ['--values', join(below, file)])
    return documents<Manifest>(await helmPrints(['template', name, chart, '-n', namespace, ...given]))
  })
}
