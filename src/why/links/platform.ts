import { clusterNameOf } from '../../api/claims.ts'
import type { Judged, JudgedRoute } from '../../engine/evaluate.ts'
import { controllersFound } from '../../engine/rules/route/controllers-found.ts'
import type { World } from '../../engine/world.ts'
import { brokenBy, type Known, type Link, type LinkName } from '../link.ts'

/** Which cluster this is. */
export const identityOf = (_: unknown, { evaluation: { world, identities } }: Known): Link =>
  world.identity.state === 'one'
    ? {
        link: 'identity',
        state: 'ok',
        message: `this cluster is ${clusterNameOf(world.identity.spec)}, domain ${world.identity.spec.domain}`,
      }
    : notOne('identity', 'ClusterIdentity', 'ClusterIdentities', world.identity.state, identities)

/** Which ExternalDNS instances there are. */
export const configurationOf = (_: unknown, { evaluation: { world, configurations } }: Known): Link =>
  world.configuration.state === 'one'
    ? { link: 'controllers', state: 'ok', message: `every zone: ${controllerText(world.controllers)}` }
    : notOne(
        'controllers',
        'DNSConfiguration',
        'DNSConfigurations',
        world.configuration.state,
        configurations,
      )

/** Which of them write the zones of a route. */
export const controllersOf = ({ facts }: JudgedRoute, known: Known): Link => {
  const { world } = known.evaluation
  if (world.configuration.state !== 'one') return configurationOf(undefined, known)
  const none = controllersFound(facts, world)
  if (none !== undefined) return brokenBy('controllers', none)
  return {
    link: 'controllers',
    state: 'ok',
    message:
      facts.policy.state === 'active'
        ? `it is written by ${controllerText(facts.policy.controllers)}`
        : 'it is written by another cluster',
  }
}

const controllerText = (controllers: World['controllers']): string =>
  controllers.map(({ name, region }) => `${name} (zone ${region})`).join(', ')

const notOne = (
  link: LinkName,
  kind: string,
  plural: string,
  state: 'none' | 'several' | 'invalid',
  judged: readonly Judged<unknown>[],
): Link => {
  const invalid = judged.flatMap(({ resource }) => resource.issues)[0]
  const reasons = {
    none: { message: `there is no ${kind}`, hint: `add the ${kind} of the cluster` },
    several: {
      message: `there are several ${plural}: ${judged.map(({ resource }) => resource.name).join(', ')}`,
      hint: 'remove all but one',
    },
    invalid: {
      message: `the ${kind} is invalid${invalid === undefined ? '' : `: ${invalid.message}`}`,
      hint: invalid?.hint ?? `mend the ${kind}`,
    },
  }
  const code = state === 'several' ? 'SingletonViolation' : `${kind}NotAvailable`
  return brokenBy(link, { code, ...reasons[state] })
}
