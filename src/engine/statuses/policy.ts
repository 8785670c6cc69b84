import type { Evaluation, Judged } from '../evaluate.ts'
import { type Fields, ready } from './stated.ts'

export const policyStatus = (policy: Judged<unknown>, evaluation: Evaluation): Fields => {
  const { resource, trouble } = policy
  const state = evaluation.policyStates.get(resource.namespace)
  if (trouble !== undefined || state === undefined || state.state === 'none' || state.state === 'invalid')
    return { active: false, activeControllers: [], conditions: [ready(policy)] }
  if (state.state === 'inactive')
    return {
      phase: 'Pending',
      active: false,
      activeControllers: [],
      conditions: [
        { type: 'Ready', status: 'True', reason: 'DNSPolicyInactive', message: state.mismatch },
        { type: 'Active', status: 'False', reason: 'PolicyInactive', message: state.mismatch },
      ],
    }
  if (state.state !== 'active') return waiting(evaluation)
  const controllers = state.controllers.map(controller => controller.name)
  const none = controllers.length === 0
  const message = none
    ? 'no ExternalDNS controller serves this region'
    : `controllers: ${controllers.join(', ')}`
  return {
    ...(none ? { phase: 'Error' } : {}),
    active: true,
    activeControllers: controllers,
    conditions: [
      none ? { type: 'Ready', status: 'False', reason: 'NoActiveControllers', message } : ready(policy),
      { type: 'Active', status: 'True', reason: 'ReconciliationSucceeded', message },
    ],
  }
}

const waiting = ({ world }: Evaluation): Fields => {
  const reason =
    world.identity.state === 'one' ? 'DNSConfigurationNotAvailable' : 'ClusterIdentityNotAvailable'
  const message = `waiting for a valid ${world.identity.state === 'one' ? 'DNSConfiguration' : 'ClusterIdentity'}`
  return {
    phase: 'Pending',
    active: false,
    activeControllers: [],
    conditions: [{ type: 'Ready', status: 'False', reason, message }],
  }
}
