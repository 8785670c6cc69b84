import { expect, test } from 'bun:test'
import { inFolder } from './folder.ts'
import { configuration, documents, gateway, identity, policy, route } from './manifests.ts'
import { execute, srouter } from './process.ts'

/** Objects of other projects' kinds may have any shape: their CRDs allow more than srouter writes, or are not there. */

const managed =
  'labels: {app.kubernetes.io/managed-by: service-router-operator, router.io/region: weu, app: external-dns-weu}'
const endpoint = (name: string, spec: string): string => `apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: ${name}, namespace: shop, ${managed}}
spec: ${spec}
`
const istio = (spec: string): string => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: internal, namespace: istio-system, ${managed}}
spec: ${spec}
`

const endpointSpecs = [
  '',
  'text',
  '[]',
  '{}',
  '{endpoints: }',
  '{endpoints: text}',
  '{endpoints: {a: b}}',
  '{endpoints: [null, text, 5, [], {}]}',
  '{endpoints: [{recordType: A, targets: [10.0.0.1]}]}',
  '{endpoints: [{dnsName: a.b, targets: [10.0.0.1]}]}',
  '{endpoints: [{dnsName: a.b, recordType: A}]}',
  '{endpoints: [{dnsName: a.b, recordType: A, targets: 10.0.0.1}]}',
  '{endpoints: [{dnsName: a.b, recordType: A, targets: [5, null, {a: b}, [c]]}]}',
  '{endpoints: [{dnsName: a.b, recordType: A, targets: []}]}',
  '{endpoints: [{dnsName: a.b, recordType: A, recordTTL: {toString: 1}, targets: [10.0.0.1]}]}',
  '{endpoints: [{dnsName: [a], recordType: {}, targets: [10.0.0.1]}]}',
  '{endpoints: [{dnsName: c.d, recordType: TXT, targets: [x]}, {recordType: A}]}',
]
const istioSpecs = [
  '',
  'text',
  '[]',
  '{servers: text}',
  '{servers: {a: b}}',
  '{servers: [null, text, 5, [], {}]}',
  '{servers: [{hosts: text}]}',
  '{servers: [{hosts: [5, null]}]}',
  '{servers: [{hosts: [a.b], port: text, tls: 5}], selector: text}',
]
const files = {
  'a.yaml': documents(identity, configuration, gateway, policy, route(), route('web')),
  'endpoints.yaml': documents(
    ...endpointSpecs.map((spec, index) => endpoint(`stray-${index}`, spec)),
    ...endpointSpecs.map((spec, index) =>
      endpoint(`web-${index}`, spec).replace('labels: {', 'labels: {router.io/serviceroute: web, '),
    ),
    endpoint('api-external-dns-weu', '{endpoints: [{recordType: CNAME, targets: [x]}]}'),
  ),
  ...Object.fromEntries(istioSpecs.map((spec, index) => [`istio/${index}.yaml`, istio(spec)])),
  'identity.yaml': `${identity}status: {applied: , conditions: text}\n`,
}

test.each(['text', 'json', 'yaml', 'markdown'])(
  'DNSEndpoints, -o %s',
  async format => {
    const argv = ['plan', '-f', 'a.yaml', '--current', 'endpoints.yaml', '-o', format]
    const { code, out, err } = await inFolder(files, cwd => execute(srouter(), argv, { cwd }))
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('api-ns-p-prod-shop.aks.example.com')
  },
  10_000,
)

test('Istio Gateways and the status of the identity', async () => {
  for (const path of [...istioSpecs.keys().map(index => `istio/${index}.yaml`), 'identity.yaml']) {
    const argv = ['plan', '-f', 'a.yaml', '--current', path]
    const { code, out, err } = await inFolder(files, cwd => execute(srouter(), argv, { cwd }))
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('Istio Gateway istio-system/internal')
  }
})

test('metadata that no API server would have', async () => {
  const owners = [
    'text',
    '[text]',
    '[{}]',
    '[{kind: ServiceRoute, name: api}]',
    '[{apiVersion: 5, kind: 5, name: 5}]',
  ]
  const strange = owners.map((owner, index) =>
    endpoint(`e${index}`, '{}').replace('metadata: {', `metadata: {ownerReferences: ${owner}, `),
  )
  const { code, out, err } = await inFolder({ ...files, 'b.yaml': documents(...strange) }, cwd =>
    execute(srouter(), ['plan', '-f', 'a.yaml', '--current', 'b.yaml', '-o', 'json'], { cwd }),
  )
  expect([code, err]).toEqual([1, ''])
  const { findings }: { findings: readonly { code: string; line: number }[] } = JSON.parse(out)
  expect(new Set(findings.map(finding => finding.code))).toEqual(new Set(['InvalidMetadata']))
  expect([...new Set(findings.map(({ line }) => line))]).toEqual([3, 8, 13, 18, 23])
})
