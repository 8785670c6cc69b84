import type { FindingsReport } from '../../../src/cli/render/findings/report.ts'
import type { LocatedFinding } from '../../../src/engine/finding.ts'
import { hostile, route } from './plans.ts'

/** Made-up results of `validate` for the tests of the renderers. */

const reportOf = (
  findings: readonly LocatedFinding[],
  skipped: ReadonlyMap<string, number> = new Map(),
): FindingsReport => ({
  findings,
  summary: {
    files: 12,
    resources: 40,
    skipped,
    errors: findings.filter(finding => finding.severity === 'error').length,
    warnings: findings.filter(finding => finding.severity === 'warning').length,
  },
})

const conflict: LocatedFinding = {
  code: 'HostConflict',
  severity: 'error',
  message: 'api-ns-p-prod-app1.aks.example.com is the host of ServiceRoute app1/api already',
  hint: 'give one of them another serviceName',
  resource: route('api-2'),
  file: 'apps/app 1/routes#2.yaml',
  line: 14,
  column: 3,
}

const unknownField: LocatedFinding = {
  code: 'UnknownField',
  severity: 'error',
  message: 'unknown field spec.servicename',
  hint: 'did you mean serviceName?',
  resource: route('web'),
  file: 'apps/web.yaml',
  line: 7,
  column: 3,
}

const unbound: LocatedFinding = {
  code: 'RegionBoundWithoutSource',
  severity: 'warning',
  message: 'every cluster would write every zone',
  hint: 'set spec.sourceRegion or spec.sourceCluster',
  resource: {
    apiVersion: 'routing.router.io/v1alpha1',
    kind: 'DNSPolicy',
    namespace: 'app1',
    name: 'policy',
  },
  file: 'apps/policy.yaml',
  line: 1,
}

const unreadable: LocatedFinding = {
  code: 'UnreadableFile',
  severity: 'error',
  message: 'it is not UTF-8',
  hint: '',
  file: '/srv/apps/latin-1.yaml',
}

const singleton: LocatedFinding = {
  code: 'SingletonViolation',
  severity: 'error',
  message: 'there are two: cluster-identity and other',
  hint: 'delete one',
  resource: { apiVersion: 'cluster.router.io/v1alpha1', kind: 'ClusterIdentity', name: 'other' },
}

const nothing: LocatedFinding = {
  code: 'NoRouterResource',
  severity: 'error',
  message: 'there is no router resource in any of the files',
  hint: 'check the paths',
}

export const ok = reportOf([])
export const okWithSkipped = reportOf(
  [],
  new Map([
    ['Deployment', 2],
    ['ConfigMap', 1],
  ]),
)
export const mixed = reportOf(
  [unknownField, conflict, { ...conflict, line: 30 }, unbound, unreadable, singleton, nothing],
  new Map([
    ['Deployment', 2],
    ['ConfigMap', 1],
  ]),
)
export const warningsOnly = reportOf([unbound])
export const hostileReport = reportOf(
  [
    {
      code: hostile,
      severity: 'error',
      message: hostile,
      hint: hostile,
      resource: route(hostile, hostile),
      file: `${hostile}.yaml`,
      line: 1,
      column: 2,
    },
    {
      code: hostile,
      severity: 'warning',
      message: '[click](https://example.net) \ufffe',
      hint: hostile,
    },
  ],
  new Map([[hostile, 1]]),
)

export const reports = { ok, okWithSkipped, mixed, warningsOnly, hostileReport }
