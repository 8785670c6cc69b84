import { beforeAll, expect, test } from 'bun:test'
import { existsSync, statSync } from 'node:fs'
import { KubeConfig } from '@kubernetes/client-node'
import { createAuthority } from './certificates.ts'
import { type ControlPlane, startControlPlane } from './cluster.ts'
import { istioGatewayCrd } from './crds.ts'
import { isAlive } from './process.ts'
import { seconds } from './say.ts'
import { freshNamespace, sharedControlPlane } from './shared.ts'
import { describeLab } from './suite.ts'
import { waitFor } from './wait.ts'

const configMap = (namespace: string, name: string, more: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace, name, ...more },
  data: { key: 'value' },
})

const dnsEndpoint = (namespace: string, name: string, more: Record<string, unknown> = {}) => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: { namespace, name, ...more },
  spec: { endpoints: [{ dnsName: 'a.example.com', recordType: 'A', targets: ['192.0.2.1'] }] },
})

const ownedBy = (owner: { apiVersion: string; kind: string; metadata: { name: string; uid?: string } }) => ({
  ownerReferences: [
    {
      apiVersion: owner.apiVersion,
      kind: owner.kind,
      name: owner.metadata.name,
      uid: owner.metadata.uid ?? '',
    },
  ],
})

describeLab('lab', () => {
  let plane: ControlPlane
  beforeAll(async () => {
    const started = performance.now()
    plane = await sharedControlPlane()
    console.log(`control plane ready after ${seconds(performance.now() - started)}`)
  }, 120_000)

  test('is one for all who share it', async () => {
    expect(await sharedControlPlane()).toBe(plane)
  })

  test('is ready and says which version it is', async () => {
    expect((await plane.request<string>('GET', '/readyz')).body).toBe('ok')
    const { body } = await plane.request<{ gitVersion: string }>('GET', '/version')
    expect(body.gitVersion).toMatch(/^v1\.\d+\.\d+/)
  })

  test('is trusted by its own CA only', async () => {
    const other = await createAuthority('someone else')
    await expect(fetch(`${plane.url}/readyz`, { tls: { ca: other.cert } })).rejects.toThrow(
      /certificate|signature/i,
    )
    await expect(fetch(`${plane.url}/readyz`)).rejects.toThrow(/certificate/i)
  })

  test('knows users by its own CA only, and not beyond their time', async () => {
    const other = await createAuthority('someone else')
    const forged = { user: 'admin', ...(await other.issueClient('admin', ['system:masters'])) }
    const expired = await plane.issueClientCert('admin', ['system:masters'], new Date(Date.now() - 3_600_000))
    for (const who of [forged, expired])
      expect((await plane.as(who).request('GET', '/api/v1/namespaces')).status).toBe(401)
  })

  test('RBAC refuses a user who was given nothing, and aggregated ClusterRoles give', async () => {
    const namespace = await freshNamespace()
    const someone = plane.as(await plane.issueClientCert('someone', ['team-a']))
    const path = `/apis/externaldns.k8s.io/v1alpha1/namespaces/${namespace}/dnsendpoints`
    expect((await someone.request('GET', path)).status).toBe(403)

    const rbac = 'rbac.authorization.k8s.io/v1'
    const aggregate = 'rbac.authorization.k8s.io/aggregate-to-view'
    await plane.applyManifests([
      {
        apiVersion: rbac,
        kind: 'ClusterRole',
        metadata: { name: 'view-dnsendpoints', labels: { [aggregate]: 'true' } },
        rules: [{ apiGroups: ['externaldns.k8s.io'], resources: ['dnsendpoints'], verbs: ['get', 'list'] }],
      },
      {
        apiVersion: rbac,
        kind: 'RoleBinding',
        metadata: { namespace, name: 'team-a' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'team-a' }],
      },
    ])
    await waitFor(async () => (await someone.request('GET', path)).status === 200, {
      what: 'the right to list',
    })
    expect((await someone.request('DELETE', `${path}/x`)).status).toBe(403)
  })

  test('gives a token to a service account', async () => {
    const namespace = await freshNamespace()
    await plane.applyManifests([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: 'robot' } },
    ])
    const token = await plane.serviceAccountToken(namespace, 'robot')
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts`
    const reply = await plane.as({ user: 'robot', token }).request<{ message: string }>('GET', path)
    expect(reply.status).toBe(403)
    expect(reply.body.message).toContain(`"system:serviceaccount:${namespace}:robot"`)
  })

  test('collects an owned object when its owner is deleted', async () => {
    const namespace = await freshNamespace()
    const [owner] = await plane.applyManifests([dnsEndpoint(namespace, 'owner')])
    if (owner === undefined) throw new Error('nothing applied')
    const owned = [
      configMap(namespace, 'owned', ownedBy(owner)),
      dnsEndpoint(namespace, 'owned', ownedBy(owner)),
    ]
    await plane.applyManifests([...owned, configMap(namespace, 'free')])
    await plane.remove({ ...owner, ...owner.metadata })
    for (const { apiVersion, kind } of owned) {
      const gone = async () =>
        (await plane.read({ apiVersion, kind, namespace, name: 'owned' })) === undefined
      await waitFor(gone, { what: `the owned ${kind} to be collected` })
    }
    expect(await plane.read({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'free' })).toBeDefined()
  })

  test('deletes a namespace with all that is in it', async () => {
    const namespace = await freshNamespace()
    await plane.applyManifests([configMap(namespace, 'one'), dnsEndpoint(namespace, 'two')])
    const ref = { apiVersion: 'v1', kind: 'Namespace', name: namespace }
    expect(await plane.remove(ref)).toBe(true)
    await waitFor(async () => (await plane.read(ref)) === undefined, {
      what: 'the namespace to go',
      timeoutMs: 30_000,
    })
  })

  test('serves the kinds of the neighbours, and writes a status', async () => {
    const crds = await plane.list<{ metadata: { name: string } }>(
      'apiextensions.k8s.io/v1',
      'CustomResourceDefinition',
    )
    const names = crds.map(crd => crd.metadata.name)
    expect(names).toContain('dnsendpoints.externaldns.k8s.io')
    expect(names).toContain('gateways.networking.istio.io')

    const namespace = await freshNamespace()
    const [endpoint] = await plane.applyManifests([
      { ...dnsEndpoint(namespace, 'a'), status: { observedGeneration: 7 } },
    ])
    expect(endpoint?.status).toEqual({ observedGeneration: 7 })
    const [service] = await plane.applyManifests([
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace, name: 'ingress' },
        spec: { type: 'LoadBalancer', ports: [{ port: 443 }], allocateLoadBalancerNodePorts: false },
        status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } },
      },
    ])
    expect(service?.status).toMatchObject({ loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } })
  })

  test('writes kubeconfigs that only their owner can read', () => {
    const path = plane.kubeconfig({ user: 'robot', token: 'secret' }, { namespace: 'team-a' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const config = new KubeConfig()
    config.loadFromFile(path)
    expect(config.getCurrentCluster()?.server).toBe(plane.url)
    expect(config.getCurrentUser()?.token).toBe('secret')
    expect(config.getContextObject(config.getCurrentContext())?.namespace).toBe('team-a')
  })
})

describeLab('a control plane of its own', () => {
  test('keeps its data when components are killed, and leaves nothing behind when it is stopped', async () => {
    const own = await startControlPlane({ manifests: [await istioGatewayCrd(['v1beta1'])] })
    expect((await own.request('GET', '/apis/networking.istio.io/v1')).status).toBe(404)
    expect((await own.request('GET', '/apis/networking.istio.io/v1beta1')).status).toBe(200)
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'kept' }
    const [before] = await own.applyManifests([configMap('default', 'kept')])
    const uid = async () => (await own.read(ref))?.metadata.uid ?? 'none'

    await own.kill('apiserver')
    expect(own.pid('apiserver')).toBeUndefined()
    await expect(own.request('GET', '/readyz')).rejects.toThrow()
    await own.restart('apiserver')
    expect(await uid()).toBe(before?.metadata.uid ?? '')

    await own.kill('etcd')
    const missed = async () => (await own.request('GET', '/readyz')).status !== 200
    await waitFor(missed, { what: 'the API server to miss etcd' })
    await own.restart('etcd')
    expect(await uid()).toBe(before?.metadata.uid ?? '')
    await own.restart('controllerManager')

    const pids = (['etcd', 'apiserver', 'controllerManager'] as const).map(name => own.pid(name) ?? 0)
    expect(pids.filter(isAlive)).toEqual(pids)
    await own.stop()
    expect(pids.filter(isAlive)).toEqual([])
    expect(existsSync(own.folder)).toBe(false)
  })

  test('ends with the process that started it, even when that is killed', async () => {
    const script = `import { startControlPlane } from '${import.meta.dir}/cluster.ts'
      const plane = await startControlPlane()
      const pids = ['etcd', 'apiserver', 'controllerManager'].map(plane.pid)
      console.log(JSON.stringify({ folder: plane.folder, pids }))
      await Bun.sleep(600_000)`
    const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe', stderr: 'inherit' })
    const { value } = await child.stdout.getReader().read()
    const { folder, pids } = JSON.parse(new TextDecoder().decode(value)) as { folder: string; pids: number[] }
    expect(pids.filter(isAlive)).toEqual(pids)
    child.kill('SIGKILL')
    await child.exited
    await waitFor(() => !existsSync(folder) && !pids.some(isAlive), { what: 'the watchdog to clean up' })
  })
})
