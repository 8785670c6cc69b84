import type { KubeObject } from '../../src/api/object.ts'
import { daemonAccess } from '../../src/install/daemon-access.ts'
import { deployment } from '../../src/install/deployment.ts'
import { defaultOptions } from '../../src/install/manifest.ts'
import {
  configuration,
  gateway,
  identity,
  namespace,
  object,
  policy,
  route,
  service,
} from '../engine/build.ts'
import { createAuthority } from '../lab/certificates.ts'
import { type InstanceKind, instanceArguments, txtPrefixOf } from '../lab/external-dns-arguments.ts'

/** A cluster in which everything is as it should be, as objects: for facts in memory and for a real API server alike. */

export const options = defaultOptions('0.1.0')
export const externalDns = 'external-dns'
export const domain = 'aks.example.com'
export const namespaces = ['app', 'b', 'ingress', 'istio-system', externalDns, options.namespace]

export const controllers = (more: object = {}): object => ({
  externalDNSControllers: ['weu', 'neu'].map(region => ({
    name: `external-dns-${region}`,
    region,
    txtPrefix: txtPrefixOf.routes,
    gatewayTxtPrefix: txtPrefixOf.gateways,
    nameservers: ['127.0.0.1:9'],
    ...more,
  })),
})

interface Pod {
  readonly image?: string
  readonly args: readonly string[]
  readonly env?: readonly object[]
  readonly initContainers?: readonly object[]
}

export const instance = (name: string, { image, args, env, initContainers }: Pod): KubeObject =>
  object(
    'apps/v1',
    'Deployment',
    { name, namespace: externalDns },
    {
      spec: {
        replicas: 1,
        selector: { matchLabels: { name } },
        template: {
          metadata: { labels: { name } },
          spec: {
            ...(initContainers === undefined ? {} : { initContainers }),
            containers: [
              {
                name: 'external-dns',
                image: image ?? 'registry.k8s.io/external-dns/external-dns:v0.21.0',
                args,
                ...(env === undefined ? {} : { env }),
              },
            ],
          },
        },
      },
      status: { replicas: 1, readyReplicas: 1, availableReplicas: 1 },
    },
  )

export const argumentsFor = (kind: InstanceKind, region: string): readonly string[] => [
  '--provider=rfc2136',
  ...instanceArguments({ kind, cluster: 'aks01-weu', region, domain }),
  '--events',
]

const instances = (): readonly KubeObject[] =>
  ['weu', 'neu'].flatMap(region =>
    (['routes', 'gateways'] as const).map(kind =>
      instance(`${region}-${kind}`, { args: argumentsFor(kind, region) }),
    ),
  )

export const lease = (name: string, where: string, renewedAt: number): KubeObject =>
  object(
    'coordination.k8s.io/v1',
    'Lease',
    { name, namespace: where },
    {
      spec: {
        holderIdentity: `${name}-1`,
        leaseDurationSeconds: 15,
        renewTime: new Date(renewedAt).toISOString().replace('Z', '000Z'),
      },
    },
  )

const authority = createAuthority('doctor')

export const secret = async (hosts: readonly string[], notAfter?: Date): Promise<KubeObject> => {
  const { cert, key } = await (await authority).issueServer(hosts, notAfter === undefined ? {} : { notAfter })
  const data = { 'tls.crt': btoa(cert), 'tls.key': btoa(key) }
  return object('v1', 'Secret', { name: 'tls', namespace: 'ingress' }, { type: 'kubernetes.io/tls', data })
}

export const daemon = (): KubeObject => ({
  ...deployment(options),
  status: { replicas: 2, readyReplicas: 2, availableReplicas: 2 },
})

export const healthy = async (now: number): Promise<readonly KubeObject[]> => [
  ...namespaces.map(name => namespace(name)),
  identity(),
  configuration(controllers()),
  gateway(),
  service(),
  policy('app'),
  policy('b'),
  route('app', 'api'),
  ...instances(),
  daemon(),
  ...daemonAccess(options),
  lease('srouter', options.namespace, now),
  await secret([`*.${domain}`]),
]
