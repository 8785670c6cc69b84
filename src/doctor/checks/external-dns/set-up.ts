import type { Instance } from '../../../external-dns/instance.ts'
import type { ZoneSetUp } from '../../../external-dns/set-up.ts'
import { policyOf } from '../../../external-dns/settings.ts'
import { counted } from '../../../lib/counted.ts'
import { type Check, type Problem, problem, verdict } from '../../check.ts'
import { deploymentRef, nameOf, ofInstances } from '../../instances.ts'

/** That each zone is written in the split or the single set-up, and all of them in the same one. */
export const setUp: Check = {
  remedy: 'choose the split or the single set-up (docs/externaldns.md); srouter adopt leads to the split one',
  look: ofInstances(({ zones }) => {
    const written = zones.filter(({ kind }) => kind !== 'none')
    const kinds = [...new Set(written.map(({ kind }) => kind))]
    const mixed =
      kinds.includes('split') && kinds.includes('single')
        ? [
            problem(
              'warning',
              `some zones have the split set-up and others the single one: ${written.map(({ controller, kind }) => `${controller.region} ${kind}`).join(', ')}`,
            ),
          ]
        : []
    return verdict(
      [
        ...acrossRegions(zones),
        ...written.filter(({ kind }) => kind === 'other').flatMap(departures),
        ...mixed,
      ],
      written.length === 0
        ? 'no zone is written'
        : `${kinds.join(', ')} in ${counted(written.length, 'zone')}`,
    )
  }),
}

/** The zones of all regions have one name: an instance can write one of them. */
const acrossRegions = (zones: readonly ZoneSetUp[]): readonly Problem[] => {
  const regions = new Map<Instance, Set<string>>()
  for (const { controller, instances } of zones)
    for (const { instance } of instances)
      regions.set(instance, (regions.get(instance) ?? new Set()).add(controller.region))
  return [...regions]
    .filter(([, theirs]) => theirs.size > 1)
    .map(([instance, theirs]) =>
      problem(
        'error',
        `${nameOf(instance)} selects what is for the zones of ${[...theirs].join(' and ')}, and writes all of it to one`,
        deploymentRef(instance),
      ),
    )
}

/** What makes a zone's set-up another one; types of records are a check of their own. */
const departures = ({ controller: { region }, instances }: ZoneSetUp): readonly Problem[] => {
  const named = instances.map(({ instance }) => nameOf(instance)).join(', ')
  const parts = instances.flatMap(({ role }) => (role === 'single' ? ['routes', 'gateways'] : [role]))
  const [first, second] = instances
  const twice = (['routes', 'gateways'] as const).filter(
    part => parts.filter(each => each === part).length > 1,
  )
  return [
    ...(twice.length === 0
      ? []
      : [problem('warning', `zone ${region}: several instances write ${twice.join(' and ')}: ${named}`)]),
    ...instances.flatMap(({ instance, role, deviations }) => [
      ...(deviations.includes('policy')
        ? [
            problem(
              'warning',
              `${nameOf(instance)} writes ${wordsFor[role]} of zone ${region} with --policy=${policyOf(instance.settings)}`,
              deploymentRef(instance),
            ),
          ]
        : []),
      ...(deviations.includes('registry')
        ? [
            problem(
              'error',
              `${nameOf(instance)} has --registry=${instance.settings.registry}: it does not know which records are its own`,
              deploymentRef(instance),
            ),
          ]
        : []),
    ]),
    ...(twice.length === 0 && first !== undefined && second !== undefined
      ? [
          ...(first.instance.settings.txtPrefix === second.instance.settings.txtPrefix
            ? [problem('warning', `zone ${region}: ${named} have the same --txt-prefix`)]
            : []),
          ...(first.instance.settings.ownerId === second.instance.settings.ownerId
            ? [problem('warning', `zone ${region}: ${named} have the same --txt-owner-id`)]
            : []),
        ]
      : []),
  ]
}

const wordsFor = { routes: 'routes', gateways: 'gateways', single: 'routes and gateways' } as const
