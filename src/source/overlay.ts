import { DNSEndpoint, IstioGateway } from '../api/kinds.ts'
import { groupOf, type KubeObject, keyOf, type ObjectMeta } from '../api/object.ts'

/** DNSEndpoints and Istio Gateways are what a plan compares with; all else is what it derives from. */
export const isOutput = (object: KubeObject): boolean => {
  const group = groupOf(object.apiVersion)
  return (
    (group === DNSEndpoint.group && object.kind === DNSEndpoint.kind) ||
    (group === IstioGateway.group && object.kind === IstioGateway.kind)
  )
}

/**
 * Objects from files laid over those of a cluster, by group, kind, namespace and name. Spec, labels and annotations
 * come from the file; uid, generation, creation time, owners and status from the cluster, as the API server would
 * have it: a file that states a creation time is none the older for it, and one with a deletion time is not deleted.
 * Nothing is pruned.
 *
 * | file | cluster | result                               |
 * | ---- | ------- | ------------------------------------ |
 * | a1   |         | a1, new                              |
 * |      | b       | b                                    |
 * | c1   | c       | c1 with the server's part of c       |
 */
export interface Overlay {
  readonly objects: readonly KubeObject[]
  /** By result: the object in the file that it came from. */
  readonly origins: ReadonlyMap<KubeObject, KubeObject>
  /** By object in a file: what the cluster has in its place. */
  readonly presents: ReadonlyMap<KubeObject, KubeObject>
}

export const layOver = (
  files: readonly KubeObject[],
  cluster: readonly KubeObject[],
  /** Whether a file's own status counts where the cluster has none: it does where there is no cluster. */
  statusOfFiles = true,
): Overlay => {
  const rest = new Map(cluster.map(object => [keyOf(object), object]))
  const origins = new Map<KubeObject, KubeObject>()
  const presents = new Map<KubeObject, KubeObject>()
  const objects: KubeObject[] = []
  for (const file of files) {
    const known = rest.size === 0 ? undefined : takeOut(rest, keyOf(file))
    if (known !== undefined) presents.set(file, known)
    const result = merged(file, known, statusOfFiles)
    origins.set(result, file)
    objects.push(result)
  }
  return { objects: [...objects, ...rest.values()], origins, presents }
}

const takeOut = (objects: Map<string, KubeObject>, key: string): KubeObject | undefined => {
  const object = objects.get(key)
  objects.delete(key)
  return object
}

const merged = (file: KubeObject, known: KubeObject | undefined, statusOfFiles: boolean): KubeObject => {
  if (known === undefined)
    return statusOfFiles || file.status === undefined ? asNew(file) : withStatus(asNew(file), undefined)
  const metadata = { ...known.metadata, ...statedBy(file) }
  return withStatus({ ...file, metadata }, known.status ?? (statusOfFiles ? file.status : undefined))
}

/** The file itself where it has nothing to leave out, as nearly all: copies of 100,000 objects would take 10 MB. */
const asNew = (file: KubeObject): KubeObject => {
  for (const key in file.metadata) if (!ofFiles.has(key)) return { ...file, metadata: statedBy(file) }
  return file
}

const ofFiles = new Set(['name', 'namespace', 'labels', 'annotations'])

const statedBy = ({ metadata: { name, namespace, labels, annotations } }: KubeObject): ObjectMeta => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  ...(labels === undefined ? {} : { labels }),
  ...(annotations === undefined ? {} : { annotations }),
})

const withStatus = ({ status: _, ...object }: KubeObject, status: unknown): KubeObject =>
  status === undefined ? object : { ...object, status }
