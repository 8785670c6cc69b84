import type { KubeObject } from '../../src/api/object.ts'
import { type Reconciliation, reconcile } from '../../src/engine/engine.ts'
import type { Plan } from '../../src/engine/plan.ts'
import { defaultSettings, type Settings } from '../../src/engine/snapshot.ts'
import { statuses } from '../../src/engine/statuses/index.ts'

/** Short ways to write inputs, so that a row of a table shows only what it is about. */

type Meta = Partial<KubeObject['metadata']>

export const object = (
  apiVersion: string,
  kind: string,
  metadata: Meta & { name: string },
  rest: object,
): KubeObject => ({ apiVersion, kind, metadata, ...rest })

const cluster = 'cluster.router.io/v1alpha1'
const routing = 'routing.router.io/v1alpha1'

export const identity = (spec: object = {}, meta: Meta = {}, status?: object): KubeObject =>
  object(
    cluster,
    'ClusterIdentity',
    { name: 'cluster-identity', ...meta },
    {
      spec: { region: 'weu', cluster: 'aks01', domain: 'aks.example.com', environmentLetter: 'p', ...spec },
      ...(status === undefined ? {} : { status }),
    },
  )

export const controllers = (...regions: readonly string[]): object[] =>
  regions.map(region => ({ name: `external-dns-${region}`, region }))

export const configuration = (spec: object = {}, meta: Meta = {}): KubeObject =>
  object(
    cluster,
    'DNSConfiguration',
    { name: 'dns-config', ...meta },
    {
      spec: { externalDNSControllers: controllers('weu', 'neu'), ...spec },
    },
  )

export const gateway = (name = 'internal', spec: object = {}, meta: Meta = {}): KubeObject =>
  object(
    routing,
    'Gateway',
    { name, namespace: 'istio-system', ...meta },
    {
      spec: { controller: `igw-${name}`, credentialName: 'tls', targetPostfix: name, ...spec },
    },
  )

export const service = (
  name = 'internal',
  ingress: readonly object[] = [{ ip: '10.0.0.1' }],
  meta: Meta = {},
): KubeObject =>
  object(
    'v1',
    'Service',
    { name: `lb-${name}`, namespace: 'ingress', labels: { istio: `igw-${name}` }, ...meta },
    { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress } } },
  )

export const namespace = (name: string, labels: Record<string, string> = {}): KubeObject =>
  object('v1', 'Namespace', { name, labels }, {})

export const policy = (namespace: string, spec: object = {}, meta: Meta = {}): KubeObject =>
  object(routing, 'DNSPolicy', { name: 'dns-policy', namespace, ...meta }, { spec })

export const route = (namespace: string, name: string, spec: object = {}, meta: Meta = {}): KubeObject =>
  object(
    routing,
    'ServiceRoute',
    { name, namespace, ...meta },
    {
      spec: {
        serviceName: name,
        gatewayName: 'internal',
        environment: 'prod',
        application: namespace,
        ...spec,
      },
    },
  )

/** A platform with one gateway, and namespace `app` with an Active policy. */
export const platform = (): KubeObject[] => [identity(), configuration(), gateway(), service(), policy('app')]

export const at = (seconds: number): Meta => ({
  creationTimestamp: new Date(1_700_000_000_000 + seconds * 1000).toISOString().replace('.000Z', 'Z'),
})

export const run = (
  inputs: readonly KubeObject[],
  current: readonly KubeObject[] = [],
  settings: Partial<Settings> = {},
): Reconciliation =>
  reconcile({ inputs, fromFiles: new Set(inputs), current, settings: { ...defaultSettings, ...settings } })

/** The objects that exist once a plan is carried out, as the API server would have them. */
export const applied = (
  { plan }: Pick<Reconciliation, 'plan'>,
  current: readonly KubeObject[] = [],
): readonly KubeObject[] => {
  const key = (o: KubeObject): string => `${o.kind}/${o.metadata.namespace}/${o.metadata.name}`
  const after = new Map(current.map(o => [key(o), o]))
  for (const change of plan.objects) {
    if (change.action === 'create' && change.after !== undefined) after.set(key(change.after), change.after)
    if (change.action === 'update' && change.after !== undefined) {
      const before = after.get(key(change.after))
      after.set(key(change.after), {
        ...change.after,
        metadata: {
          ...before?.metadata,
          ...change.after.metadata,
          labels: { ...before?.metadata.labels, ...change.after.metadata.labels },
          annotations: { ...before?.metadata.annotations, ...change.after.metadata.annotations },
        },
      })
    }
    if (change.action === 'delete' && change.before !== undefined) after.delete(key(change.before))
  }
  return [...after.values()]
}

/** `+ weu api-ns-p-prod-app.aks.example.com CNAME aks01-weu-internal.aks.example.com`, unchanged ones left out. */
export const changed = ({ plan }: { readonly plan: Pick<Plan, 'records'> }): readonly string[] =>
  plan.records
    .filter(record => record.action !== 'unchanged')
    .map(
      record =>
        `${record.held ? 'held ' : ''}${{ add: '+', change: '~', delete: '-', unchanged: ' ' }[record.action]} ${record.zone} ${record.name.replace('.aks.example.com', '')} ${record.type} ${record.targets.join(',').replaceAll('.aks.example.com', '')}`,
    )

export const codes = ({ plan }: { readonly plan: Pick<Plan, 'findings'> }): readonly string[] =>
  plan.findings.map(finding => `${finding.severity} ${finding.code} ${finding.resource?.name ?? ''}`)

/** The inputs with the statuses that a plan, once carried out, has given them. */
export const withStatuses = (
  inputs: readonly KubeObject[],
  reconciliation: Reconciliation,
): readonly KubeObject[] => {
  const written = new Map(statuses(reconciliation).map(({ subject, status }) => [subject, status]))
  return inputs.map(input => {
    const status = written.get(input)
    return status === undefined ? input : { ...input, status }
  })
}
