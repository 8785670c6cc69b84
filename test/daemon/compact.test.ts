import { describe, expect, test } from 'bun:test'
import type { KubeObject } from '../../src/api/object.ts'
import { createCompact } from '../../src/daemon/compact.ts'

const endpoint = (name: string): KubeObject => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: {
    name,
    namespace: 'app1',
    uid: `uid of ${name}`,
    generation: 1,
    resourceVersion: '7',
    creationTimestamp: '2026-01-02T03:04:05Z',
    labels: { app: 'external-dns-weu', [name]: 'x' },
    annotations: { note: 'the same' },
    ownerReferences: [
      { apiVersion: 'routing.router.io/v1alpha1', kind: 'ServiceRoute', name: 'api', uid: 'u' },
    ],
  },
  spec: { endpoints: [{ dnsName: 'a.example.com', recordType: 'CNAME', targets: ['b.example.com'] }] },
  status: { observedGeneration: 1 },
})

const route: KubeObject = {
  apiVersion: 'routing.router.io/v1alpha1',
  kind: 'ServiceRoute',
  metadata: {
    name: 'api',
    namespace: 'app1',
    deletionTimestamp: '2026-01-02T03:04:06Z',
    finalizers: ['a/b'],
  },
  spec: { serviceName: 'api', odd: [null, { deep: [1, 'api', true] }] },
  status: { phase: 'Active', conditions: [{ type: 'Ready', status: 'True' }] },
}

describe('an object in less memory', () => {
  for (const object of [endpoint('a'), route, { ...route, spec: null }, { ...route, status: 'odd' }])
    test(`says the same: ${object.kind} ${JSON.stringify(object.spec)}`, () => {
      const before = structuredClone(object)
      expect<unknown>(JSON.parse(JSON.stringify(createCompact()(object)))).toEqual(
        JSON.parse(JSON.stringify(before)),
      )
      expect(object).toEqual(before)
    })

  test('what several say alike is kept once', () => {
    const compact = createCompact()
    const [a, b] = [compact(endpoint('a')), compact(endpoint('b'))]
    expect(a.spec).toBe(b.spec)
    expect(a.metadata.ownerReferences).toBe(b.metadata.ownerReferences as never)
    expect(a.metadata.annotations).toBe(b.metadata.annotations as never)
    expect(a.metadata.name).not.toBe(b.metadata.name)
  })

  test("kubectl's copy is left out, and other annotations are kept", () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', note: 'kept' }
    const compacted = createCompact()({ ...route, metadata: { ...route.metadata, annotations } })
    expect<unknown>(compacted.metadata.annotations).toEqual({ note: 'kept' })
  })

  test('however many there are, what was remembered of them does not matter', () => {
    const compact = createCompact()
    for (let index = 0; index < 10_000; index++) {
      const object = endpoint(`e-${index}`)
      const own = { ...object, spec: { endpoints: [{ dnsName: `${index}.example.com` }] } }
      if (index % 1000 === 0) expect<unknown>(compact(own).spec).toEqual(own.spec)
      else compact(own)
    }
    expect<unknown>(compact(endpoint('a')).spec).toEqual(endpoint('a').spec)
  })
})
