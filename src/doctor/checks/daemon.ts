import { isRenewed, leaseName } from '../../api/leases.ts'
import { type Check, type Problem, problem, verdict } from '../check.ts'
import { type Daemon, daemonsIn } from '../daemon.ts'
import type { LeaseFacts } from '../facts.ts'

export const daemonRunning: Check = {
  remedy: 'srouter install | kubectl apply --server-side -f -; where it does not start, look at its log',
  look: ({ deployments }) => {
    if (!deployments.known) return { notChecked: deployments.why }
    const daemons = daemonsIn(deployments.value)
    if (daemons.length === 0)
      return {
        problems: [problem('warning', 'no Deployment runs "srouter run": only srouter apply writes records')],
      }
    return verdict(
      daemons
        .filter(({ available }) => available === 0)
        .map(daemon =>
          daemon.replicas === 0
            ? problem('warning', `Deployment ${nameOf(daemon)} is scaled to 0`, refOfDaemon(daemon))
            : problem(
                'error',
                `Deployment ${nameOf(daemon)} has no pod that is available`,
                refOfDaemon(daemon),
              ),
        ),
      daemons
        .map(daemon => `${nameOf(daemon)}, ${daemon.available} of ${daemon.replicas} available`)
        .join('; '),
    )
  },
}

/** The Lease says who works: a pod that is available may wait for it. */
export const daemonLease: Check = {
  remedy: "look at the daemon's log; where its holder is gone, the Lease passes on by itself within a minute",
  look: ({ leases, deployments, now }) => {
    if (!leases.known) return { notChecked: leases.why }
    const held = leases.value.filter(({ spec }) => isRenewed(spec, now))
    if (held.length > 0) return { ok: held.map(holding).join('; ') }
    const isExpected =
      deployments.known && daemonsIn(deployments.value).some(({ replicas, elects }) => replicas > 0 && elects)
    if (!isExpected) return { ok: 'nobody holds it, and no daemon is to' }
    const [last] = leases.value
    return {
      problems: [
        problem(
          'error',
          last?.spec.holderIdentity
            ? `${last.spec.holderIdentity} has not renewed the Lease ${last.name} since ${last.spec.renewTime ?? 'it was made'}`
            : `nobody holds the Lease ${leaseName}, so no replica works`,
        ),
      ],
    }
  },
}

/** Two that do not elect one among them write the same objects. */
export const oneWriter: Check = {
  remedy: 'keep one Deployment of srouter in a cluster, with --leader-elect, which is the default',
  look: ({ leases, deployments, now }) => {
    const held = leases.known ? leases.value.filter(({ spec }) => isRenewed(spec, now)) : []
    const daemons = deployments.known
      ? daemonsIn(deployments.value).filter(({ replicas }) => replicas > 0)
      : []
    const problems: readonly Problem[] = [
      ...(held.length > 1
        ? [problem('error', `several daemons hold a Lease each: ${held.map(holding).join('; ')}`)]
        : []),
      ...(daemons.length > 1
        ? [problem('error', `several Deployments run srouter: ${daemons.map(nameOf).join(', ')}`)]
        : []),
      ...daemons
        .filter(({ elects, replicas }) => !elects && replicas > 1)
        .map(daemon =>
          problem(
            'error',
            `${nameOf(daemon)} has ${daemon.replicas} replicas, and --leader-elect is off: all of them write`,
            refOfDaemon(daemon),
          ),
        ),
    ]
    if (problems.length > 0) return { problems }
    if (!leases.known) return { notChecked: leases.why }
    return deployments.known ? { ok: 'no more than one' } : { notChecked: deployments.why }
  },
}

export const earlierOperator: Check = {
  remedy: 'scale its Deployment to 0: it and srouter would write the same objects, each in its own way',
  look: ({ earlierLeases, now }) => {
    if (!earlierLeases.known) return { notChecked: earlierLeases.why }
    return verdict(
      earlierLeases.value
        .filter(({ spec }) => isRenewed(spec, now))
        .map(lease => problem('warning', `the earlier operator still runs: ${holding(lease)}`)),
      'it does not run',
    )
  },
}

const nameOf = ({ namespace, name }: Daemon): string => `${namespace}/${name}`

const refOfDaemon = ({ namespace, name }: Daemon) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace,
  name,
})

const holding = ({ name, spec }: LeaseFacts): string => `${spec.holderIdentity} holds the Lease ${name}`
