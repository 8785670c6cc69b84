import { apiVersionOf, DNSEndpoint, ServiceRoute } from '../../src/api/kinds.ts'
import { type KubeObject, refOf } from '../../src/api/object.ts'
import { connect, create, type KubeClient, remove, watch } from '../../src/kube/index.ts'
import { GiveUp, waitFor } from '../lab/wait.ts'
import { namespaceCount, namespaceName } from './input.ts'

/** A watcher of DNSEndpoints, and who makes what it shall see. */
export interface Newcomers extends AsyncDisposable {
  /** A new route; answers the milliseconds until the DNSEndpoint of its own region is told of. */
  route(number: number): Promise<number>
  /** The floor: two objects, created one after the other as a route and its DNSEndpoint are. */
  twoObjects(number: number): Promise<number>
  removeRoute(number: number): Promise<void>
  removeObjects(number: number): Promise<void>
}

const patienceMs = 60_000
/** Away from what the input has. */
const nameOf = (number: number): string => `new-${number}`
const namespaceOf = (number: number): string => namespaceName(number % namespaceCount)

const route = (number: number): KubeObject => ({
  apiVersion: apiVersionOf(ServiceRoute),
  kind: ServiceRoute.kind,
  metadata: { name: nameOf(number), namespace: namespaceOf(number) },
  spec: {
    serviceName: nameOf(number),
    gatewayName: 'internal',
    gatewayNamespace: 'istio-system',
    environment: 'prod',
    application: namespaceOf(number),
  },
})

const object = (number: number, name: string): KubeObject => ({
  apiVersion: apiVersionOf(DNSEndpoint),
  kind: DNSEndpoint.kind,
  metadata: { name: `bare-${number}-${name}`, namespace: namespaceOf(number) },
  spec: {
    endpoints: [{ dnsName: `bare-${number}.example.com`, recordType: 'CNAME', targets: ['a.example.com'] }],
  },
})

export const newcomers = async (kubeconfig: string): Promise<Newcomers> => {
  const client: KubeClient = connect({ kubeconfig })
  const control = new AbortController()
  const waiting = new Map<string, () => void>()
  let isReady = false
  let broken: unknown
  const watching = (async () => {
    for await (const event of watch(client, DNSEndpoint, { signal: control.signal })) {
      if (event.type === 'replaced') isReady = true
      if (event.type === 'added') waiting.get(event.object.metadata.name)?.()
    }
  })().catch((error: unknown) => {
    broken = error
  })
  await waitFor(
    () => {
      if (broken !== undefined) throw new GiveUp(`the watcher broke: ${broken}`)
      return isReady
    },
    { what: 'the watcher to know what exists', timeoutMs: patienceMs },
  )

  const seen = async (name: string, make: () => Promise<unknown>): Promise<number> => {
    const told = Promise.withResolvers<number>()
    const timer = setTimeout(() => told.reject(new Error(`${name} was not seen`)), patienceMs)
    const began = performance.now()
    waiting.set(name, () => told.resolve(performance.now() - began))
    try {
      await make()
      return await told.promise
    } finally {
      clearTimeout(timer)
      waiting.delete(name)
    }
  }

  return {
    route: number => seen(`${nameOf(number)}-external-dns-weu`, () => create(client, route(number))),
    twoObjects: number =>
      seen(`bare-${number}-second`, async () => {
        await create(client, object(number, 'first'))
        await create(client, object(number, 'second'))
      }),
    removeRoute: async number => {
      await remove(client, refOf(route(number)))
    },
    removeObjects: async number => {
      for (const name of ['first', 'second']) await remove(client, refOf(object(number, name)))
    },
    [Symbol.asyncDispose]: async () => {
      control.abort()
      await watching
      client.close()
    },
  }
}
