import type { RouteRule } from './index.ts'

const why = {
  none: 'there is no DNSConfiguration',
  several: 'there are several DNSConfigurations',
  invalid: 'the DNSConfiguration is invalid',
}

export const configurationAvailable: RouteRule = (_, world) =>
  world.configuration.state === 'one'
    ? undefined
    : {
        code: 'DNSConfigurationNotAvailable',
        // Several and invalid ones are reported where they are.
        severity: world.configuration.state === 'none' ? 'warning' : 'none',
        effect: 'pending',
        message: `${why[world.configuration.state]}, so the zones are unknown`,
        hint: 'add the DNSConfiguration of the cluster, or ask the platform team',
        group: 'DNSConfiguration',
        incomplete: true,
      }
