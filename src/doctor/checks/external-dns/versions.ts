import { isAtLeast } from '../../../external-dns/version.ts'
import { type Check, problem, verdict } from '../../check.ts'
import { deploymentRef, instancesOf, nameOf, ofInstances, writings } from '../../instances.ts'

/** kubernetes-sigs/external-dns#6728: from v0.22.0 on nothing passes it, which `sync` takes for an order to delete. */
export const annotationFilter: Check = {
  remedy: 'select by --label-filter instead, as docs/externaldns.md shows',
  look: ofInstances(instances =>
    verdict(
      instancesOf(writings(instances))
        .filter(({ settings }) => settings.annotationFilter !== '')
        .map(instance => {
          const isBroken = isAtLeast(instance.version, 0, 22)
          return problem(
            isBroken ? 'error' : 'warning',
            `${nameOf(instance)} has --annotation-filter, ` +
              (isBroken
                ? 'which yields no DNSEndpoint at all since v0.22.0: with --policy=sync every record is deleted'
                : 'which yields no DNSEndpoint at all from v0.22.0 on'),
            deploymentRef(instance),
          )
        }),
      'none',
    ),
  ),
}

export const policyNamed: Check = {
  remedy: 'name --policy: sync for routes in the split set-up, else upsert-only',
  look: ofInstances(instances =>
    verdict(
      instancesOf(writings(instances, 'policy'))
        .filter(({ settings }) => settings.policy === undefined)
        .map(instance => {
          const isNeeded = isAtLeast(instance.version, 0, 22)
          return problem(
            isNeeded ? 'error' : 'warning',
            `${nameOf(instance)} names no --policy, ` +
              (isNeeded
                ? 'without which v0.22.0 and later do not start'
                : 'which means sync, and from v0.22.0 on that it does not start'),
            deploymentRef(instance),
          )
        }),
      'all name one',
    ),
  ),
}

export const events: Check = {
  remedy: 'add --events (triggerLoopOnEvent: true in the Helm chart)',
  look: ofInstances(instances => {
    const without = instancesOf(writings(instances, 'events')).filter(({ settings }) => !settings.events)
    return verdict(
      without.map(instance =>
        problem(
          'warning',
          `${nameOf(instance)} has no --events: a change waits for the next cycle, up to ${instance.settings.interval}`,
          deploymentRef(instance),
        ),
      ),
      'a change is in DNS within seconds',
    )
  }),
}
