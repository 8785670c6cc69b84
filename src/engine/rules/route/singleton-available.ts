import type { Singleton, World } from '../../world.ts'
import type { RouteRule } from './index.ts'

interface Needed {
  readonly kind: string
  readonly plural: string
  /** What a route cannot know without it. */
  readonly unknown: string
  readonly of: (world: World) => Singleton<unknown>
}

const needs =
  ({ kind, plural, unknown, of }: Needed): RouteRule =>
  (_, world) => {
    const { state } = of(world)
    if (state === 'one') return undefined
    const why = {
      none: `there is no ${kind}`,
      several: `there are several ${plural}`,
      invalid: `the ${kind} is invalid`,
    }[state]
    return {
      code: `${kind}NotAvailable`,
      // Several and invalid ones are reported where they are.
      severity: state === 'none' ? 'warning' : 'none',
      effect: 'pending',
      message: `${why}, so ${unknown}`,
      hint: `add the ${kind} of the cluster, or ask the platform team`,
      group: kind,
      incomplete: true,
    }
  }

export const identityAvailable = needs({
  kind: 'ClusterIdentity',
  plural: 'ClusterIdentities',
  unknown: 'host and target are unknown',
  of: world => world.identity,
})

export const configurationAvailable = needs({
  kind: 'DNSConfiguration',
  plural: 'DNSConfigurations',
  unknown: 'the zones are unknown',
  of: world => world.configuration,
})
