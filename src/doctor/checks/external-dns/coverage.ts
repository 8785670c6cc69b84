import type { Role } from '../../../external-dns/set-up.ts'
import { type Check, counted, type Problem, problem, verdict } from '../../check.ts'
import {
  deploymentRef,
  type Instances,
  nameOf,
  ofInstances,
  type Writing,
  writings,
} from '../../instances.ts'

/** Each zone needs somebody who writes routes, and somebody who writes gateways. */
export const coverage: Check = {
  remedy:
    'run an instance for this zone whose --label-filter selects router.io/region=REGION (docs/externaldns.md)',
  look: ofInstances(instances =>
    verdict(
      instances.zones.flatMap(({ controller, instances: theirs }): readonly Problem[] => {
        const lacks = (part: Role): boolean => !theirs.some(({ role }) => role === part || role === 'single')
        const missing = (['routes', 'gateways'] as const).filter(lacks)
        return missing.length === 0
          ? []
          : [
              problem(
                'error',
                `zone ${controller.region}: no instance selects what ${controller.name} is to write of ${missing.join(' and ')}`,
              ),
            ]
      }),
      `${counted(instances.zones.length, 'controller')}: routes and gateways`,
    ),
  ),
}

/** An instance that selects what it should, and writes it all the same not. */
export const effect: Check = {
  remedy: 'take the argument that is named out, or let it name the domain of the ClusterIdentity',
  look: ofInstances(instances =>
    verdict(
      writings(instances, 'domain-filter', 'regex-domain-filter', 'namespace', 'dry-run', 'once').flatMap(
        writing =>
          hindrances(writing, instances).map(text =>
            problem('error', `${nameOf(writing.instance)}: ${text}`, deploymentRef(writing.instance)),
          ),
      ),
      'nothing keeps them from writing',
    ),
  ),
}

const hindrances = ({ instance: { settings } }: Writing, { identity }: Instances): readonly string[] => {
  const { domainFilters, regexDomainFilter } = settings
  const domain = identity?.domain ?? ''
  const isLeftOut =
    domain !== '' &&
    regexDomainFilter === '' &&
    domainFilters.length > 0 &&
    !domainFilters.some(filter => `.${domain}`.endsWith(`.${filter.replace(/^\./, '').replace(/\.$/, '')}`))
  return [
    ...(isLeftOut ? [`--domain-filter=${domainFilters.join(',')} leaves ${domain} out`] : []),
    ...(settings.namespace === ''
      ? []
      : [`--namespace=${settings.namespace} leaves all other namespaces out`]),
    ...(settings.dryRun ? ['--dry-run writes nothing'] : []),
    ...(settings.once ? ['--once ends after one cycle'] : []),
  ]
}
