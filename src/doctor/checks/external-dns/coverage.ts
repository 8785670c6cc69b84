import { addressEndpoints } from '../../../engine/derive/address-endpoints.ts'
import { routeEndpoints } from '../../../engine/derive/route-endpoints.ts'
import type { WantedEndpoint } from '../../../engine/derive/wanted.ts'
import { type Role, selects, type ZoneSetUp } from '../../../external-dns/set-up.ts'
import { counted } from '../../../lib/counted.ts'
import { type Check, type Problem, problem, some, verdict } from '../../check.ts'
import type { Facts } from '../../facts.ts'
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
  look: facts =>
    ofInstances(instances => {
      const wanted = wantedBy(facts)
      const problems = instances.zones.flatMap((zone): readonly Problem[] => {
        const { controller, instances: theirs } = zone
        const lacks = (part: Role): boolean => !theirs.some(({ role }) => role === part || role === 'single')
        const missing = (['routes', 'gateways'] as const).filter(lacks)
        return missing.length === 0
          ? leftOut(zone, wanted.get(controller.name) ?? [])
          : [
              problem(
                'error',
                `zone ${controller.region}: no instance selects what ${controller.name} is to write of ${missing.join(' and ')}`,
              ),
            ]
      })
      const [unknown] = instances.unknown
      return problems.length > 0 && unknown !== undefined
        ? { notChecked: `Deployment ${nameOf(unknown)} does not say what it selects (see ArgumentsRead)` }
        : verdict(problems, `${counted(instances.zones.length, 'controller')}: routes and gateways`)
    })(facts),
}

/** By controller, the DNSEndpoints that it is to read. */
const wantedBy = ({ state }: Facts): ReadonlyMap<string, readonly WantedEndpoint[]> => {
  if (!state.known) return new Map()
  const { evaluation } = state.value
  return Map.groupBy(
    [...routeEndpoints(evaluation), ...addressEndpoints(evaluation)],
    ({ writer }) => writer.controller,
  )
}

/** A filter may pass some routes, and not others. */
const leftOut = (
  { controller, instances }: ZoneSetUp,
  wanted: readonly WantedEndpoint[],
): readonly Problem[] => {
  const keys = wanted
    .filter(({ object }) => !instances.some(({ instance }) => selects(instance.settings, object.metadata)))
    .map(({ key }) => key)
  return keys.length === 0
    ? []
    : [problem('error', `zone ${controller.region}: no instance selects DNSEndpoint ${some(keys.sort())}`)]
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
