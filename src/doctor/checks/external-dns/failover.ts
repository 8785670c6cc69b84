import { type Check, problem, verdict } from '../../check.ts'
import { deploymentRef, instancesOf, nameOf, ofInstances, writings } from '../../instances.ts'

/** A cluster that comes back with old objects publishes them, unless it has looked first. */
export const gate: Check = {
  remedy: 'add "srouter gate" as an initContainer to the instances that write gateways (docs/failover.md)',
  look: ofInstances(instances => {
    if (!instances.world.takesPart) return { ok: 'not needed: the cluster has no part in failover' }
    return verdict(
      instancesOf(writings(instances).filter(({ role }) => role !== 'routes'))
        .filter(({ before }) => !before.some(text => /(^|[\s/])gate(\s|$)/.test(text)))
        .map(instance =>
          problem(
            'warning',
            `${nameOf(instance)} has no "srouter gate" before it: after a failover it would publish old addresses first`,
            deploymentRef(instance),
          ),
        ),
      'every instance that writes gateways waits for it',
    )
  }),
}

/** Without a server to ask, the claims and addresses of other zones are not known. */
export const nameservers: Check = {
  remedy: 'add nameservers to the controller in the DNSConfiguration',
  look: ({ state }) => {
    if (!state.known) return { notChecked: state.why }
    const { world } = state.value.evaluation
    if (world.configuration.state !== 'one')
      return { notChecked: 'there is no single valid DNSConfiguration' }
    if (!world.takesPart) return { ok: 'not needed: the cluster has no part in failover' }
    return verdict(
      world.controllers
        .filter(controller => (controller.nameservers ?? []).length === 0)
        .map(({ name, region }) =>
          problem('warning', `${name} has no nameservers, so zone ${region} cannot be read in a failover`),
        ),
      'every zone has some',
    )
  },
}
