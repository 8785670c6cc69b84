import { instancesIn } from '../../../external-dns/instance.ts'
import { type Check, counted, problem, verdict } from '../../check.ts'
import { deploymentRef, nameOf, ofInstances } from '../../instances.ts'

/** That there is one at all; all other checks of ExternalDNS need it. */
export const found: Check = {
  remedy: 'install ExternalDNS as Deployments, in one of the set-ups of docs/externaldns.md',
  look: ({ deployments }) => {
    if (!deployments.known) return { notChecked: deployments.why }
    const running = instancesIn(deployments.value).filter(({ replicas }) => replicas > 0)
    return running.length === 0
      ? { problems: [problem('error', 'no Deployment runs ExternalDNS, so no record reaches a zone')] }
      : { ok: counted(running.length, 'instance') }
  },
}

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
