import { isRead } from '../../../engine/current.ts'
import { instancesIn } from '../../../external-dns/instance.ts'
import { counted } from '../../../lib/counted.ts'
import { type Check, problem, verdict } from '../../check.ts'
import type { Facts } from '../../facts.ts'
import { deploymentRef, nameOf, ofInstances } from '../../instances.ts'

/** That there is one at all; all other checks of ExternalDNS need it. */
export const found: Check = {
  remedy: 'install ExternalDNS as Deployments, in one of the set-ups of docs/externaldns.md',
  look: ({ deployments, state }) => {
    if (!deployments.known) return { notChecked: deployments.why }
    const running = instancesIn(deployments.value).filter(({ replicas }) => replicas > 0)
    if (running.length > 0) return { ok: counted(running.length, 'instance') }
    const missing = hasReader(state)
      ? problem(
          'warning',
          'no Deployment runs ExternalDNS, and yet DNSEndpoints have been read: what reads them is no Deployment, or runs no more, and nothing is known of it',
        )
      : problem('error', 'no Deployment runs ExternalDNS, so no record reaches a zone')
    return { problems: [missing] }
  },
}

/** Another ExternalDNS than those that are looked at, such as a StatefulSet. */
const hasReader = (state: Facts['state']): boolean =>
  state.known && [...state.value.evaluation.world.current.dnsEndpoints.ours.values()].some(isRead)

export const available: Check = {
  remedy: 'look at its log: kubectl -n NAMESPACE logs deployment/NAME --all-containers',
  look: ofInstances(({ all }) =>
    verdict(
      all
        .filter(instance => instance.available === 0)
        .map(instance =>
          problem('error', `${nameOf(instance)} has no pod that is available`, deploymentRef(instance)),
        ),
      'each has a pod that is available',
    ),
  ),
}

/** What is not in the Deployment cannot be judged, and an argument that is refused ends the process. */
export const readable: Check = {
  remedy:
    'give each flag once, in the arguments of the Deployment: --flag=value, and a switch without a value',
  look: ofInstances(({ all }) =>
    verdict(
      all.flatMap(instance => [
        ...instance.problems.map(text =>
          problem('error', `${nameOf(instance)} does not start: ${text}`, deploymentRef(instance)),
        ),
        ...(instance.unread.length === 0
          ? []
          : [
              problem(
                'warning',
                `${nameOf(instance)} has values that are not in the Deployment, so that checks leave it out: --${instance.unread.join(', --')}`,
                deploymentRef(instance),
              ),
            ]),
      ]),
      'all are understood',
    ),
  ),
}
