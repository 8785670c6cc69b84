import type { RouteRule } from './index.ts'

const why = {
  none: 'there is no ClusterIdentity',
  several: 'there are several ClusterIdentities',
  invalid: 'the ClusterIdentity is invalid',
}

export const identityAvailable: RouteRule = (_, world) =>
  world.identity.state === 'one'
    ? undefined
    : {
        code: 'ClusterIdentityNotAvailable',
        // Several and invalid ones are reported where they are.
        severity: world.identity.state === 'none' ? 'warning' : 'none',
        effect: 'pending',
        message: `${why[world.identity.state]}, so host and target are unknown`,
        hint: 'add the ClusterIdentity of the cluster, or ask the platform team',
        group: 'ClusterIdentity',
        incomplete: true,
      }
