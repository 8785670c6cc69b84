import { crdFiles } from '../api/crd-files.ts'
import { defaultNamespace } from '../api/leases.ts'
import { daemonAccess } from './daemon-access.ts'
import { deployment, disruptionBudget } from './deployment.ts'
import { clusterWide, type InstallOptions, type Manifest } from './manifest.ts'
import { metricsAccess, metricsService, serviceMonitor } from './metrics.ts'
import { networkPolicy } from './network-policy.ts'
import { peopleAccess } from './people-access.ts'

/** What belongs together: a section of what `install` prints, and a file of deploy/. */
export type Part = { readonly name: string } & (
  | { readonly objects: readonly Manifest[] }
  /** YAML as it is. */
  | { readonly text: string }
)

/** All that `install` prints, in the order in which it has to be applied. */
export const parts = (options: InstallOptions): readonly Part[] => [
  { name: 'namespace', objects: [namespace(options)] },
  crds,
  { name: 'daemon-access', objects: daemonAccess(options) },
  { name: 'people-access', objects: peopleAccess(options) },
  ...(options.metricsSecure ? [{ name: 'metrics-access', objects: metricsAccess(options) }] : []),
  { name: 'daemon', objects: [metricsService(options), deployment(options), disruptionBudget(options)] },
  ...(options.withNetworkPolicy ? [{ name: 'network-policy', objects: [networkPolicy(options)] }] : []),
  ...(options.withServiceMonitor ? [{ name: 'service-monitor', objects: [serviceMonitor(options)] }] : []),
]

export const crds: Part = { name: 'crds', text: crdFiles.join('---\n') }

/** Only a namespace of srouter's own is held to the strictest profile; in another one that might stop other pods. */
const namespace = (options: InstallOptions): Manifest =>
  clusterWide(
    options,
    'v1',
    'Namespace',
    options.namespace,
    {},
    options.namespace === defaultNamespace ? { 'pod-security.kubernetes.io/enforce': 'restricted' } : {},
  )
