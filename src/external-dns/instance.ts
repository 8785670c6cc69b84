import type { KubeObject } from '../api/object.ts'
import { argumentsOf, type Container, environmentOf } from './container.ts'
import { type Flags, readFlags, variableOf } from './flags.ts'
import { knownFlags, type Settings, settingsOf } from './settings.ts'
import { baseOf, type Version, versionOf } from './version.ts'

/** An ExternalDNS as a Deployment describes it. */
export interface Instance {
  readonly namespace: string
  /** Of the Deployment. */
  readonly name: string
  readonly image: string
  /** Undefined where the image's tag does not say it. */
  readonly version: Version | undefined
  /** 0 is an instance that is stopped. */
  readonly replicas: number
  readonly available: number
  readonly settings: Settings
  /** Flags whose value is not in the Deployment, sorted; `settings` has a default in their place. */
  readonly unread: readonly string[]
  /** For what it would refuse to start. */
  readonly problems: readonly string[]
  /** What its initContainers run, as one text each. */
  readonly before: readonly string[]
}

/** The part of a Deployment that is read. */
interface Deployment extends KubeObject {
  readonly spec?: {
    readonly replicas?: number
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly Container[]
        readonly initContainers?: readonly Container[]
      }
    }
  }
  readonly status?: { readonly availableReplicas?: number }
}

/**
 * The ExternalDNS instances among Deployments, in whichever namespace: containers whose image is called so, and those
 * with the two flags that it cannot be without, as images have other names in registries of one's own.
 */
export const instancesIn = (deployments: readonly KubeObject[]): readonly Instance[] =>
  (deployments as readonly Deployment[]).flatMap(deployment =>
    (deployment.spec?.template?.spec?.containers ?? []).flatMap(container => {
      const instance = instanceOf(deployment, container)
      return instance === undefined ? [] : [instance]
    }),
  )

const instanceOf = ({ metadata, spec, status }: Deployment, container: Container): Instance | undefined => {
  const { image = '' } = container
  const environment = environmentOf(container)
  const words = argumentsOf(container, environment)
  const flags: Flags =
    words === undefined
      ? { values: new Map(), unread: new Set(Object.keys(knownFlags)), problems: [] }
      : readFlags(words, environment, knownFlags)
  const has = (flag: string): boolean => flags.values.has(flag) || environment.has(variableOf(flag))
  if (baseOf(image) !== 'external-dns' && !(has('provider') && has('source'))) return undefined
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    image,
    version: versionOf(image),
    replicas: spec?.replicas ?? 1,
    available: status?.availableReplicas ?? 0,
    settings: settingsOf(flags),
    // Without a source it does not start: the variables come from somewhere else.
    unread: [...flags.unread, ...(words !== undefined && !has('source') ? ['source'] : [])].sort(),
    problems: flags.problems,
    before: (spec?.template?.spec?.initContainers ?? []).map(({ command = [], args = [] }) =>
      [...command, ...args].join(' '),
    ),
  }
}
