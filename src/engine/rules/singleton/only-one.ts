import type { Issue } from '../../issue.ts'
import type { ConfigurationRule, IdentityRule } from './index.ts'

const violation = (kind: string): Issue => ({
  code: 'SingletonViolation',
  severity: 'error',
  effect: 'error',
  message: `there are several of kind ${kind}; a cluster has one`,
  hint: 'remove all but one; until then all records stay as they are',
  path: ['metadata', 'name'],
})

export const oneIdentity: IdentityRule = (_, world) =>
  world.identity.state === 'several' ? violation('ClusterIdentity') : undefined

export const oneConfiguration: ConfigurationRule = (_, world) =>
  world.configuration.state === 'several' ? violation('DNSConfiguration') : undefined
