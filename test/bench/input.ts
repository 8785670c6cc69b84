import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  apiVersionOf,
  ClusterIdentity,
  DNSConfiguration,
  DNSPolicy,
  Gateway,
  ServiceRoute,
} from '../../src/api/kinds.ts'
import type { KubeObject } from '../../src/api/object.ts'

/** Made-up input: RegionBound routes in 50 namespaces, one gateway, two zones, hence two DNSEndpoints a route. */

export const namespaceCount = 50

const words = ['api', 'web', 'shop', 'search', 'login', 'cart', 'mail', 'report']

export const platform: readonly KubeObject[] = [
  {
    apiVersion: apiVersionOf(ClusterIdentity),
    kind: ClusterIdentity.kind,
    metadata: { name: 'cluster-identity' },
    spec: { region: 'weu', cluster: 'aks01', domain: 'aks.example.com', environmentLetter: 'p' },
  },
  {
    apiVersion: apiVersionOf(DNSConfiguration),
    kind: DNSConfiguration.kind,
    metadata: { name: 'dns-config' },
    spec: {
      externalDNSControllers: [
        { name: 'external-dns-weu', region: 'weu' },
        { name: 'external-dns-neu', region: 'neu' },
      ],
    },
  },
  {
    apiVersion: apiVersionOf(Gateway),
    kind: Gateway.kind,
    metadata: { name: 'internal', namespace: 'istio-system' },
    spec: { controller: 'ingress-internal', credentialName: 'tls', targetPostfix: 'internal' },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'ingress-internal', namespace: 'istio-system', labels: { istio: 'ingress-internal' } },
    spec: { type: 'LoadBalancer', ports: [{ name: 'https', port: 443 }] },
    status: { loadBalancer: { ingress: [{ ip: '10.123.45.67' }] } },
  },
]

export const namespaceName = (index: number): string => `team-${String(index).padStart(2, '0')}`

/** The policy and the routes of one namespace. The names are in no order, as names are. */
export const tenant = (index: number, routes: number): readonly KubeObject[] => {
  const namespace = namespaceName(index)
  return [
    {
      apiVersion: apiVersionOf(DNSPolicy),
      kind: DNSPolicy.kind,
      metadata: { name: 'dns-policy', namespace },
      spec: { mode: 'RegionBound', sourceRegion: 'weu' },
    },
    ...Array.from({ length: routes }, (_, number) => route(namespace, (number * 7919 + index) % routes)),
  ]
}

const route = (namespace: string, number: number): KubeObject => {
  const name = `${words[number % words.length]}-${number}`
  return {
    apiVersion: apiVersionOf(ServiceRoute),
    kind: ServiceRoute.kind,
    metadata: { name, namespace },
    spec: {
      serviceName: name,
      gatewayName: 'internal',
      gatewayNamespace: 'istio-system',
      environment: 'prod',
      application: namespace,
    },
  }
}

/** All of it as objects. */
export const objects = (routes: number): readonly KubeObject[] => [
  ...platform,
  ...Array.from({ length: namespaceCount }, (_, index) => tenant(index, routes / namespaceCount)).flat(),
]

/** All of it as files: the platform's, and one for each namespace. */
export const writeManifests = (folder: string, routes: number): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'platform.yaml'), yaml(platform))
  for (let index = 0; index < namespaceCount; index++)
    writeFileSync(join(folder, `${namespaceName(index)}.yaml`), yaml(tenant(index, routes / namespaceCount)))
}

const yaml = (documents: readonly KubeObject[]): string =>
  documents.map(document => Bun.YAML.stringify(document, null, 2)).join('\n---\n')
