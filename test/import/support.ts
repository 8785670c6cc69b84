import type { KubeObject } from '../../src/api/object.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { type Imported, importRecords } from '../../src/import/import.ts'
import { type Told, toldNothing } from '../../src/import/request.ts'
import { isOutput } from '../../src/source/overlay.ts'
import { object, run } from '../engine/build.ts'

/** Short ways to write what was made by hand. */

interface EndpointOf {
  readonly namespace?: string
  readonly name?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export const domain = 'aks.example.com'
export const target = (postfix = 'internal', of = 'aks01-weu'): string => `${of}-${postfix}.${domain}`
export const hostOf = (first: string): string => `${first}.${domain}`

let made = 0

/** A DNSEndpoint of the instance external-dns-{region} with some records. */
export const endpoint = (
  region: string,
  endpoints: readonly unknown[],
  { namespace = 'app', name = `hand-${++made}`, labels, annotations }: EndpointOf = {},
): KubeObject =>
  object(
    'externaldns.k8s.io/v1alpha1',
    'DNSEndpoint',
    {
      name,
      namespace,
      labels: labels ?? { 'router.io/controller': `external-dns-${region}` },
      ...(annotations === undefined ? {} : { annotations }),
    },
    { spec: { endpoints } },
  )

export const cname = (first: string, to = target(), recordTTL: number | undefined = 300): object => ({
  dnsName: hostOf(first),
  recordType: 'CNAME',
  ...(recordTTL === undefined ? {} : { recordTTL }),
  targets: [to],
})

export const address = (
  name = target(),
  targets: readonly string[] = ['10.0.0.1'],
  recordTTL = 60,
): object => ({
  dnsName: name,
  recordType: targets[0]?.includes(':') ? 'AAAA' : 'A',
  recordTTL,
  targets,
})

/** An Istio Gateway by hand, as most are. */
export const istio = (name: string, hosts: readonly string[], more: object = {}): KubeObject =>
  object(
    'networking.istio.io/v1',
    'Gateway',
    { name, namespace: 'istio-system' },
    {
      spec: {
        selector: { istio: 'igw-internal' },
        servers: [
          {
            hosts,
            port: { name: 'https', number: 443, protocol: 'HTTPS' },
            tls: { mode: 'SIMPLE', credentialName: 'tls' },
          },
        ],
        ...more,
      },
    },
  )

export const imported = (objects: readonly KubeObject[], told: Partial<Told> = {}): Imported =>
  importRecords(
    {
      inputs: objects.filter(each => !isOutput(each)),
      current: objects.filter(isOutput),
      settings: defaultSettings,
    },
    { ...toldNothing, ...told },
  )

/**
 * What the proposal comes to beside `others` once what it replaces is gone:
 * `external-dns-weu weu api-ns-p-prod-app.aks.example.com CNAME aks01-weu-internal.aks.example.com`.
 */
export const remade = (
  { proposal, replaced }: Pick<Imported, 'proposal' | 'replaced'>,
  others: readonly KubeObject[] = [],
): readonly string[] => {
  const inputs = [...others.filter(each => !isOutput(each)), ...proposal.map(each => each.object)]
  const { plan } = run(
    inputs,
    others.filter(each => isOutput(each) && !replaced.includes(each)),
  )
  return linesOf(plan.records)
}

export const linesOf = (
  records: readonly {
    readonly zone: string
    readonly controller: string
    readonly name: string
    readonly type: string
    readonly targets: readonly string[]
  }[],
): readonly string[] =>
  records
    .map(each => `${each.controller} ${each.zone} ${each.name} ${each.type} ${each.targets.join(',')}`)
    .sort()

/** The specs of one kind, by `namespace/name`. */
export const specsOf = (
  { proposal }: Pick<Imported, 'proposal'>,
  kind: string,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    proposal
      .filter(({ object: each }) => each.kind === kind)
      .map(({ object: { metadata, spec } }) => [
        metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`,
        spec,
      ]),
  )

/** An object that srouter made, as if it had been made by hand: nothing says whose it is. */
export const disowned = (made: KubeObject): KubeObject => {
  const { ownerReferences: _, labels, ...metadata } = made.metadata
  const { 'app.kubernetes.io/managed-by': __, ...rest } = labels ?? {}
  return { ...made, metadata: { ...metadata, labels: rest } }
}
