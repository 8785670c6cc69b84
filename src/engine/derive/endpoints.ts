import type { Evaluation } from '../evaluate.ts'
import { addressEndpoints } from './address-endpoints.ts'
import { failoverEndpoints } from './failover-endpoints.ts'
import { routeEndpoints } from './route-endpoints.ts'
import type { WantedEndpoint } from './wanted.ts'

/** Every DNSEndpoint that should exist, each made when it is asked for. */
export function* wantedEndpoints(evaluation: Evaluation): Generator<WantedEndpoint> {
  yield* routeEndpoints(evaluation)
  yield* addressEndpoints(evaluation)
  yield* failoverEndpoints(evaluation)
}
