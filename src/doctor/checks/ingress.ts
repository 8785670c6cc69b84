import { refOf, shortName } from '../../api/object.ts'
import { addressesOf } from '../../engine/addresses.ts'
import { counted } from '../../lib/counted.ts'
import { type Check, type Problem, problem, verdict } from '../check.ts'

/** A gateway without an address is a name that leads nowhere. */
export const loadBalancers: Check = {
  remedy:
    'give the ingress a Service of type LoadBalancer with the label istio=CONTROLLER, or the Gateway addresses',
  look: ({ state }) => {
    if (!state.known) return { notChecked: state.why }
    const { world } = state.value.evaluation
    const gateways = [...world.gateways.values()]
    return verdict(
      gateways.flatMap(({ spec, object, key }): readonly Problem[] => {
        if (spec === undefined || spec.addresses !== undefined) return []
        const [first, second] = world.loadBalancers.get(spec.controller) ?? []
        if (first === undefined)
          return [
            problem(
              'error',
              `Gateway ${key}: no Service of type LoadBalancer has the label istio=${spec.controller}`,
              refOf(object),
            ),
          ]
        const name = shortName(first.metadata)
        return [
          ...(addressesOf(spec, world).state === 'none'
            ? [problem('error', `Gateway ${key}: its load balancer ${name} has no address`, refOf(object))]
            : []),
          ...(second === undefined
            ? []
            : [
                problem(
                  'warning',
                  `Gateway ${key}: ${name} and ${shortName(second.metadata)} are both load balancers of ${spec.controller}; the first, the oldest, counts`,
                  refOf(object),
                ),
              ]),
        ]
      }),
      gateways.length === 0
        ? 'there is no Gateway'
        : `${counted(gateways.length, 'Gateway')}, each with an address`,
    )
  },
}
