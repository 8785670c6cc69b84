import { describe, expect, test } from 'bun:test'
import { ClusterIdentity, IstioGateway, Namespace, Service, ServiceRoute } from '../../src/api/kinds.ts'
import { kindOf } from '../../src/kube/kinds.ts'
import { type Endpoint, pathOf, type Resource, urlOf, wordsOf } from '../../src/kube/request.ts'

describe('paths and words', () => {
  const rows: readonly [Resource | Endpoint, string, string][] = [
    [
      { kind: ServiceRoute, namespace: 'app1', name: 'api' },
      '/apis/routing.router.io/v1alpha1/namespaces/app1/serviceroutes/api',
      'serviceroutes.routing.router.io "api" in namespace "app1"',
    ],
    [
      { kind: ServiceRoute, namespace: 'app1', name: 'api', subresource: 'status' },
      '/apis/routing.router.io/v1alpha1/namespaces/app1/serviceroutes/api/status',
      'serviceroutes.routing.router.io/status "api" in namespace "app1"',
    ],
    [
      { kind: ServiceRoute },
      '/apis/routing.router.io/v1alpha1/serviceroutes',
      'serviceroutes.routing.router.io in all namespaces',
    ],
    [
      { kind: ClusterIdentity, name: 'cluster-identity' },
      '/apis/cluster.router.io/v1alpha1/clusteridentities/cluster-identity',
      'clusteridentities.cluster.router.io "cluster-identity"',
    ],
    [
      { kind: Service, namespace: 'istio-system' },
      '/api/v1/namespaces/istio-system/services',
      'services in namespace "istio-system"',
    ],
    [{ kind: Namespace, name: 'app1' }, '/api/v1/namespaces/app1', 'namespaces "app1"'],
    [{ path: '/version' }, '/version', '/version'],
  ]
  test.each(rows)('%#', (on, path, words) => {
    expect(pathOf(on)).toBe(path)
    expect(wordsOf(on)).toBe(words)
  })

  test('a server may have a path of its own, and a query is encoded', () => {
    const url = urlOf('https://rancher/k8s/clusters/c-1', {
      verb: 'list',
      on: { kind: Service },
      query: { labelSelector: 'a in (b,c)', limit: 5, continue: undefined },
    })
    expect(url).toBe(
      'https://rancher/k8s/clusters/c-1/api/v1/services?labelSelector=a+in+%28b%2Cc%29&limit=5',
    )
  })
})

test('the kind of an object is found in the version that the object names', () => {
  expect(kindOf({ apiVersion: 'networking.istio.io/v1beta1', kind: 'Gateway' })).toEqual({
    ...IstioGateway,
    version: 'v1beta1',
  })
  expect(kindOf({ apiVersion: 'routing.router.io/v1alpha1', kind: 'ServiceRoute' }).plural).toBe(
    'serviceroutes',
  )
  expect(kindOf({ apiVersion: 'v1', kind: 'Service' }).plural).toBe('services')
  expect(() => kindOf({ apiVersion: 'v1', kind: 'Gateway' })).toThrow('no Gateway of v1')
})
