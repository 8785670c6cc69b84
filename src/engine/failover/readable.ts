import type { World } from '../world.ts'

/** The regions whose zones this cluster writes, each once. */
export const zonesOf = ({ controllers }: Pick<World, 'controllers'>): readonly string[] => [
  ...new Set(controllers.map(({ region }) => region)),
]

/**
 * The zones that can be asked, and whom: the name servers of the DNSConfiguration as `ip[:port]`, none for the system's
 * resolver, which knows only this cluster's own zone.
 */
export const readableZones = ({
  controllers,
  identity,
  takesPart,
}: Pick<World, 'controllers' | 'identity' | 'takesPart'>): ReadonlyMap<string, readonly string[]> => {
  const servers = new Map<string, readonly string[]>()
  for (const { region, nameservers = [] } of controllers)
    if (nameservers.length > 0)
      servers.set(region, [...new Set([...(servers.get(region) ?? []), ...nameservers])])
  if (identity.state === 'one' && takesPart && !servers.has(identity.spec.region))
    servers.set(identity.spec.region, [])
  return servers
}
