import type { KubeObject } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import type { KubeClient } from '../kube/index.ts'
import type { Log } from '../lib/log.ts'
import { readCluster } from './cluster.ts'
import { earlierOperator } from './earlier-operator.ts'
import { type FileInput, noRouterResources } from './files/index.ts'
import { type Gathered, placesThrough } from './gathered.ts'
import { isOutput, layOver } from './overlay.ts'

export interface OnlineOptions {
  readonly client: KubeClient
  /** Laid over the cluster; undefined where there are none. */
  readonly files: FileInput | undefined
  /** The files are the whole input; the cluster only lends them uid, creation time and status. */
  readonly onlyFiles: boolean
  readonly signal?: AbortSignal
  readonly log?: Log
}

export interface GatheredOnline extends Gathered {
  readonly istioApiVersion: string | undefined
  /** The objects in the files. */
  readonly files: readonly KubeObject[]
  /** The same, as `apply -f` writes them, and each as it is in the cluster. */
  readonly applied: readonly { readonly file: KubeObject; readonly present: KubeObject | undefined }[]
}

/** The cluster, and files laid over it. */
export const gatherOnline = async (options: OnlineOptions): Promise<GatheredOnline> => {
  const [cluster, warnings] = await Promise.all([
    readCluster(options.client, options.signal),
    earlierOperator(options.client, options),
  ])
  const files = options.files ?? noFiles
  const nothing = options.files === undefined ? undefined : noRouterResources(files)
  const inputs = layOver(files.objects.filter(isInput), cluster.inputs, false)
  const current = layOver(files.objects.filter(isForeign), cluster.current, false)
  const taken = options.onlyFiles
    ? inputs.objects.filter(object => inputs.origins.has(object))
    : inputs.objects
  const present = new Map([...inputs.presents, ...current.presents])
  return {
    inputs: taken,
    fromFiles: new Set(inputs.origins.keys()),
    current: current.objects,
    istioApiVersion: cluster.istioApiVersion,
    files: files.objects,
    applied: options.onlyFiles
      ? []
      : [...inputs.origins.values(), ...current.origins.values()].map(file => ({
          file,
          present: present.get(file),
        })),
    places: placesThrough(new Map([...inputs.origins, ...current.origins]), files.places),
    findings: [
      ...files.findings,
      ...(nothing === undefined ? [] : [nothing]),
      ...cluster.findings,
      ...warnings,
    ],
    counts: { files: files.files, resources: files.objects.length, skipped: files.skipped },
  }
}

const noFiles: FileInput = {
  objects: [],
  findings: [],
  skipped: new Map(),
  files: 0,
  places: { start: () => undefined, field: () => undefined },
}

const isInput = (object: KubeObject): boolean => !isOutput(object)

/** Rendered objects among the files are no input; hand-made ones are, because they may be in the way. */
const isForeign = (object: KubeObject): boolean => isOutput(object) && !isOurs(object)
