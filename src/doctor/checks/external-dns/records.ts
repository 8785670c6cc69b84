import { addressesOf } from '../../../engine/addresses.ts'
import { policyOf } from '../../../external-dns/settings.ts'
import { type Check, problem, verdict } from '../../check.ts'
import { deploymentRef, type Instances, instancesOf, nameOf, ofInstances, writings } from '../../instances.ts'

/** What an instance does not manage it leaves out in silence. */
export const recordTypes: Check = {
  remedy:
    '--managed-record-types: CNAME for routes; A, AAAA and CNAME for gateways, and where one instance writes both',
  look: ofInstances(instances =>
    verdict(
      writings(instances, 'managed-record-types', 'exclude-record-types').flatMap(
        ({ instance, role, deviations, zone }) => {
          const { recordTypes: has } = instance.settings
          const wanted = role === 'routes' ? ['CNAME'] : ['A', 'AAAA', 'CNAME']
          const missing = wanted.filter(type => !has.includes(type))
          const isNeeded = missing.some(type => type !== 'AAAA') || publishesIPv6(instances)
          const where = `${nameOf(instance)}, zone ${zone.controller.region}`
          return [
            ...(missing.length === 0
              ? []
              : [
                  problem(
                    isNeeded ? 'error' : 'warning',
                    `${where}: record types are missing: ${missing.join(', ')}`,
                    deploymentRef(instance),
                  ),
                ]),
            ...(deviations.includes('recordTypesTooMany')
              ? [
                  problem(
                    'warning',
                    `${where}: it writes routes, and manages ${has.filter(type => type !== 'CNAME').join(', ')} as well`,
                    deploymentRef(instance),
                  ),
                ]
              : []),
          ]
        },
      ),
      'all that are needed, and no more',
    ),
  ),
}

const publishesIPv6 = ({ world }: Instances): boolean =>
  [...world.gateways.values()].some(({ spec }) => {
    const addresses = spec === undefined ? undefined : addressesOf(spec, world)
    return addresses?.state === 'known' && addresses.sets.some(({ type }) => type === 'AAAA')
  })

/** Addresses under a prefix of gateways belong to all clusters: who may delete them makes names disappear. */
export const syncOverGateways: Check = {
  remedy:
    'give that instance a --txt-prefix and a --txt-owner-id of its own, or --policy=upsert-only; of routes, --managed-record-types=CNAME',
  look: ofInstances(instances => {
    const gateways = writings(instances, 'txt-prefix', 'txt-owner-id').filter(({ role }) => role !== 'routes')
    return verdict(
      instances.all
        .filter(
          instance =>
            policyOf(instance.settings) === 'sync' &&
            instance.settings.registry === 'txt' &&
            instance.settings.recordTypes.some(type => type === 'A' || type === 'AAAA'),
        )
        .flatMap(instance => {
          const { txtPrefix, ownerId, recordTypes: has } = instance.settings
          const met = gateways.filter(other => other.instance.settings.txtPrefix === txtPrefix)
          if (met.length === 0) return []
          const owns = met.some(other => other.instance.settings.ownerId === ownerId)
          return [
            problem(
              owns ? 'error' : 'warning',
              `${nameOf(instance)} has --policy=sync, manages ${has.join(', ')}, and has the prefix "${txtPrefix}", under which gateways are` +
                (owns ? ', with their owner id: it deletes those that it does not know' : ''),
              deploymentRef(instance),
            ),
          ]
        }),
      'no instance deletes addresses of gateways',
    )
  }),
}

/** Of a name whose A record an Istio Gateway makes there can be no CNAME. */
export const otherSources: Check = {
  remedy: 'use an instance of its own, with another owner id and prefix, for other sources',
  look: ofInstances(instances =>
    verdict(
      instancesOf(writings(instances)).flatMap(instance => {
        const others = instance.settings.sources.filter(source => source !== 'crd')
        if (others.length === 0) return []
        const wins = others.includes('istio-gateway')
        return [
          problem(
            'warning',
            `${nameOf(instance)} has other sources as well: ${others.join(', ')}` +
              (wins
                ? '; what istio-gateway makes of an Istio Gateway that is not of srouter wins over the CNAME of a route'
                : ''),
            deploymentRef(instance),
          ),
        ]
      }),
      'crd alone',
    ),
  ),
}
