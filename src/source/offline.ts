import type { KubeObject } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import type { LocatedFinding } from '../engine/finding.ts'
import type { Input } from '../lib/io.ts'
import { noRouterResources, readFiles } from './files/index.ts'
import { type Gathered, placesThrough } from './gathered.ts'
import { isOutput, layOver } from './overlay.ts'

export interface OfflineOptions {
  readonly files: readonly string[]
  /** The namespace of namespaced resources that name none. */
  readonly namespace: string | undefined
  /** Files with what exists: a path, or `none`. */
  readonly current: string
  readonly stdin: Input
}

/**
 * Everything from files, and nothing from a cluster. Of `current` the DNSEndpoints and Istio Gateways are what to
 * compare with; the other objects in it only lend the inputs their uid, creation time and status.
 */
export const gatherOffline = async (options: OfflineOptions): Promise<Gathered> => {
  const { namespace, stdin } = options
  const read = (paths: readonly string[]) =>
    readFiles(paths, { ...(namespace === undefined ? {} : { namespace }), stdin })
  const files = await read(options.files)
  const present = options.current === 'none' ? undefined : await read([options.current])
  const { objects, origins } = layOver(
    files.objects.filter(object => !isOutput(object)),
    (present?.objects ?? []).filter(object => !isOutput(object)),
  )
  const inputs = objects.filter(object => origins.has(object))
  return {
    inputs,
    fromFiles: new Set(inputs),
    current: currentOf(files.objects, present?.objects ?? []),
    places: placesThrough(origins, files.places),
    findings: [...files.findings, ...nothingToRead(files), ...(present?.findings ?? [])],
    counts: { files: files.files, resources: files.objects.length, skipped: files.skipped },
  }
}

/** Rendered objects among the files are no input; those that are not ours are, because they are in the way. */
const currentOf = (files: readonly KubeObject[], present: readonly KubeObject[]): readonly KubeObject[] => [
  ...layOver(
    files.filter(object => isOutput(object) && !isOurs(object)),
    present.filter(isOutput),
  ).objects,
]

const nothingToRead = (files: Parameters<typeof noRouterResources>[0]): readonly LocatedFinding[] => {
  const finding = noRouterResources(files)
  return finding === undefined ? [] : [finding]
}
