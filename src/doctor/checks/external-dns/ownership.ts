import { policyOf } from '../../../external-dns/settings.ts'
import { type Check, type Problem, problem, type Severity, verdict } from '../../check.ts'
import {
  deploymentRef,
  type Instances,
  nameOf,
  ofInstances,
  type Writing,
  writings,
} from '../../instances.ts'
import { whose } from '../../whose.ts'

/** The ownership records of another prefix are not seen: the record counts as somebody else's. */
export const prefixPerCluster: Check = {
  remedy: 'give the instances of all clusters the same --txt-prefix, one for routes and one for gateways',
  look: ofInstances(instances =>
    verdict(
      writings(instances, 'txt-prefix')
        .filter(
          writing => whose(writing.instance.settings.txtPrefix, regionOf(writing), instances) === 'cluster',
        )
        .map(writing =>
          of(
            writing,
            writing.role === 'routes' ? 'warning' : takeover(instances),
            `--txt-prefix=${writing.instance.settings.txtPrefix} is this cluster's alone: ` +
              (writing.role === 'routes'
                ? 'where two clusters make one host at the same time, both own it'
                : 'no other cluster can take its gateways over'),
          ),
        ),
      'no prefix is of one cluster alone',
    ),
  ),
}

/** A gateway's name has to be writable by the cluster that takes over. */
export const ownerPerCluster: Check = {
  remedy:
    'give the instances that write gateways an owner id of the zone, such as zone-REGION, in all clusters',
  look: ofInstances(instances =>
    verdict(
      writings(instances, 'txt-owner-id')
        .filter(
          writing =>
            writing.role !== 'routes' &&
            whose(writing.instance.settings.ownerId, regionOf(writing), instances) === 'cluster',
        )
        .map(writing =>
          of(
            writing,
            takeover(instances),
            `--txt-owner-id=${writing.instance.settings.ownerId} is this cluster's alone: no other cluster can take its gateways over`,
          ),
        ),
      'gateways are owned by their zone',
    ),
  ),
}

/** Who deletes in the name of a shared owner deletes what only other clusters know of. */
export const syncWithSharedOwner: Check = {
  remedy:
    'give the instance for routes the owner id of its cluster, and every other one --policy=upsert-only',
  look: ofInstances(instances => {
    const all = writings(instances, 'txt-owner-id', 'policy')
    const shared = new Set(
      all
        .filter(({ instance }) => policyOf(instance.settings) !== 'sync')
        .map(({ instance }) => instance.settings.ownerId),
    )
    return verdict(
      all
        .filter(({ instance }) => policyOf(instance.settings) === 'sync')
        .flatMap(writing => {
          const { ownerId } = writing.instance.settings
          const about = whose(ownerId, regionOf(writing), instances)
          const isShared = about === 'zone' || ownerId === 'default' || shared.has(ownerId)
          if (about === 'cluster' && !isShared) return []
          return [
            of(
              writing,
              isShared ? 'error' : 'warning',
              `it has --policy=sync, and --txt-owner-id=${ownerId} ` +
                (isShared
                  ? 'is shared: it deletes what only another cluster publishes'
                  : 'does not name this cluster: where another one has it too, each deletes what the other publishes'),
            ),
          ]
        }),
      'who deletes has an owner id of its own',
    )
  }),
}

const regionOf = ({ zone }: Writing): string => zone.controller.region

/** Without failover a takeover is not missed yet. */
const takeover = ({ world }: Instances): Severity => (world.takesPart ? 'error' : 'warning')

const of = ({ instance }: Writing, severity: Severity, message: string): Problem =>
  problem(severity, `${nameOf(instance)}: ${message}`, deploymentRef(instance))
