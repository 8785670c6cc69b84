import type { KubeObject } from '../api/object.ts'
import { type Container, environmentOf } from '../external-dns/container.ts'
import { baseOf } from '../external-dns/version.ts'

/** A Deployment that runs srouter's daemon. */
export interface Daemon {
  readonly namespace: string
  readonly name: string
  readonly serviceAccount: string
  readonly replicas: number
  readonly available: number
  /** Whether its replicas elect one that works. */
  readonly elects: boolean
}

interface Deployment extends KubeObject {
  readonly spec?: {
    readonly replicas?: number
    readonly template?: {
      readonly spec?: { readonly serviceAccountName?: string; readonly containers?: readonly Container[] }
    }
  }
  readonly status?: { readonly availableReplicas?: number }
}

/** By its image's name, or in a registry of one's own by its container's; what it runs has to be `run`. */
export const daemonsIn = (deployments: readonly KubeObject[]): readonly Daemon[] =>
  (deployments as readonly Deployment[]).flatMap(({ metadata, spec, status }) => {
    const pod = spec?.template?.spec
    const container = pod?.containers?.find(isDaemon)
    if (container === undefined) return []
    const words = wordsOf(container)
    const environment = environmentOf(container)
    return [
      {
        namespace: metadata.namespace ?? '',
        name: metadata.name,
        serviceAccount: pod?.serviceAccountName ?? 'default',
        replicas: spec?.replicas ?? 1,
        available: status?.availableReplicas ?? 0,
        elects:
          !/--leader-elect[= ]false/.test(words.join(' ')) &&
          environment.get('SROUTER_LEADER_ELECT') !== 'false',
      },
    ]
  })

const wordsOf = ({ command = [], args = [] }: Container): readonly string[] => [...command, ...args]

const isDaemon = (container: Container): boolean =>
  (baseOf(container.image ?? '') === 'srouter' || container.name === 'srouter') &&
  wordsOf(container).includes('run')
