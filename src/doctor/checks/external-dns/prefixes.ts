import { clusterNameOf, ownName } from '../../../api/claims.ts'
import { txtPrefixFor } from '../../../api/dns-configuration.ts'
import { dnsNameProblem, ownershipName, targetName } from '../../../api/names.ts'
import { type Check, problem, some, verdict } from '../../check.ts'
import type { Facts } from '../../facts.ts'
import {
  deploymentRef,
  type Instances,
  nameOf,
  ofInstances,
  type Writing,
  writings,
} from '../../instances.ts'

/** ReservedName protects the ownership records of those prefixes alone that DNSConfiguration has. */
export const prefixKnown: Check = {
  remedy: 'enter it in the DNSConfiguration: txtPrefix of routes, gatewayTxtPrefix of gateways',
  look: ofInstances(instances =>
    verdict(
      writings(instances, 'txt-prefix', 'txt-suffix')
        .filter(
          ({ zone, role, instance }) =>
            txtPrefixFor(zone.controller, role === 'gateways' ? 'gateway' : 'route') !==
            instance.settings.txtPrefix,
        )
        .map(({ zone, role, instance: each }) =>
          problem(
            'warning',
            each.settings.txtPrefix === ''
              ? `${nameOf(each)} has no --txt-prefix, so that no name can be kept from lying on its ownership records`
              : `${nameOf(each)} has --txt-prefix=${each.settings.txtPrefix}, which is not ${role === 'gateways' ? 'gatewayTxtPrefix' : 'txtPrefix'} of ${zone.controller.name}: a tenant's host may lie on an ownership record`,
            deploymentRef(each),
          ),
        ),
      'all are in the DNSConfiguration',
    ),
  ),
}

/** ExternalDNS cannot write a record whose ownership record is no legal name. */
export const ownershipNames: Check = {
  remedy: 'choose a shorter --txt-prefix, or shorter names in the ServiceRoute',
  look: facts =>
    ofInstances(instances =>
      verdict(
        writings(instances, 'txt-prefix').flatMap(writing => {
          const { txtPrefix } = writing.instance.settings
          const broken = namesOf(writing, instances, facts).filter(
            ({ name, type }) =>
              dnsNameProblem(name) === undefined &&
              dnsNameProblem(ownershipName(txtPrefix.toLowerCase(), type, name)) !== undefined,
          )
          const hosts = [...new Set(broken.map(({ name }) => name))]
          return hosts.length === 0
            ? []
            : [
                problem(
                  'error',
                  `${nameOf(writing.instance)}, zone ${writing.zone.controller.region}: with the prefix "${txtPrefix}" the ownership record gets too long a name for ${some(hosts)}`,
                  deploymentRef(writing.instance),
                ),
              ]
        }),
        'every ownership record has a legal name',
      ),
    )(facts),
}

interface Name {
  readonly name: string
  readonly type: 'AAAA' | 'CNAME'
}

const namesOf = ({ role, zone }: Writing, instances: Instances, facts: Facts): readonly Name[] => [
  ...(role === 'gateways' ? [] : hosts(zone.controller.name, facts)),
  ...(role === 'routes' ? [] : targets(instances)),
]

/** Of the routes whose policy uses this controller. */
const hosts = (controller: string, { state }: Facts): readonly Name[] =>
  state.known
    ? state.value.evaluation.routes.flatMap(({ facts: { host, policy } }) =>
        host !== undefined &&
        policy.state === 'active' &&
        policy.controllers.some(({ name }) => name === controller)
          ? [{ name: host, type: 'CNAME' }]
          : [],
      )
    : []

const targets = ({ identity, world }: Instances): readonly Name[] =>
  identity === undefined
    ? []
    : [...world.postfixHolders.keys()]
        .flatMap(postfix => [
          targetName(identity, postfix),
          ...(world.takesPart ? [ownName(clusterNameOf(identity), postfix, identity.domain)] : []),
        ])
        .map(name => ({ name, type: 'AAAA' }))
