import { label } from '../api/labels.ts'
import type { KubeObject, ResourceRef } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import type { ObjectChange } from '../engine/change.ts'
import { publishersOf, routeOwner, routeOwnerKey } from '../engine/current.ts'
import { servedBy } from '../engine/derive/istio-gateways.ts'
import { type Reconciliation, reconcile } from '../engine/engine.ts'
import type { JudgedRoute } from '../engine/evaluate.ts'
import { reconcileIstio, reconcileSlice, type SliceResult } from '../engine/slice.ts'
import type { Settings } from '../engine/snapshot.ts'
import type { RoutesIndex } from './routes-index.ts'
import { inputKinds, type Store, storedKindOf } from './store.ts'

/** The engine over the store: over all of it, over some routes, or over some Gateways' hosts. */
export interface Passes {
  full(settings: Settings): Reconciliation
  slice(routes: Iterable<string>, settings: Settings): SliceResult
  istio(gateways: Iterable<string>, settings: Settings): readonly ObjectChange[]
  /** Gateways whose hosts a slice has changed, by `namespace/name`; asked for once. */
  takeTouchedGateways(): ReadonlySet<string>
}

interface Served {
  readonly gateway: string
  readonly host: string
}

const platformKinds = inputKinds.filter(kind => kind !== 'ServiceRoute' && kind !== 'DNSPolicy')
const noFiles: ReadonlySet<KubeObject> = new Set()

export const createPasses = (store: Store, index: RoutesIndex): Passes => {
  /** By route: the host that it has served. What a slice leaves out is taken from here. */
  const served = new Map<string, Served>()
  let touched = new Set<string>()

  const remember = (route: JudgedRoute): void => {
    const before = served.get(route.resource.key)
    const after = servedBy(route)
    if (before?.gateway === after?.gateway && before?.host === after?.host) return
    if (before !== undefined) touched.add(before.gateway)
    if (after === undefined) served.delete(route.resource.key)
    else {
      served.set(route.resource.key, after)
      touched.add(after.gateway)
    }
  }

  const forget = (key: string): void => {
    const before = served.get(key)
    if (before === undefined) return
    served.delete(key)
    touched.add(before.gateway)
  }

  const platform = (): KubeObject[] => platformKinds.flatMap(kind => [...store.objects(kind).values()])

  return {
    full: settings => {
      const reconciliation = reconcile({
        inputs: inputKinds.flatMap(kind => [...store.objects(kind).values()]),
        fromFiles: noFiles,
        current: [...store.objects('DNSEndpoint').values(), ...store.objects('IstioGateway').values()],
        settings,
      })
      served.clear()
      for (const route of reconciliation.evaluation.routes) remember(route)
      touched = new Set()
      return reconciliation
    },

    slice: (routes, settings) => {
      let keys = index.contenders(routes, store)
      for (;;) {
        const result = sliceOf(keys, settings)
        const rivals = result.objects.flatMap(change =>
          change.action === 'create' ? rivalsFor(change.ref) : [],
        )
        if (rivals.every(rival => keys.has(rival))) {
          for (const route of result.evaluation.routes) remember(route)
          for (const key of keys) if (!store.objects('ServiceRoute').has(key)) forget(key)
          return result
        }
        keys = index.contenders([...keys, ...rivals], store)
      }
    },

    istio: (gateways, settings) => {
      const hosts = new Map<string, Set<string>>([...gateways].map(gateway => [gateway, new Set()]))
      for (const { gateway, host } of served.values()) hosts.get(gateway)?.add(host)
      const owners = new Set([...hosts.keys()].map(ownerKeyOf))
      const theirs = [...store.objects('IstioGateway')].filter(([, { metadata }]) =>
        owners.has(`${metadata.namespace ?? ''}/${metadata.labels?.[label.gateway] ?? ''}`),
      )
      return reconcileIstio(
        {
          inputs: platform(),
          current: {
            dnsEndpoints: { ours: new Map(), isForeign: () => false },
            istioGateways: existing('IstioGateway', new Map(theirs)),
            publishers: new Map(),
          },
          settings,
        },
        hosts,
      )
    },

    takeTouchedGateways: () => {
      const taken = touched
      touched = new Set()
      return taken
    },
  }

  function sliceOf(keys: ReadonlySet<string>, settings: Settings): SliceResult {
    const namespaces = new Set([...keys].map(key => key.slice(0, key.indexOf('/'))))
    return reconcileSlice({
      inputs: [
        ...platform(),
        ...[...store.objects('DNSPolicy').values()].filter(({ metadata }) =>
          namespaces.has(metadata.namespace ?? ''),
        ),
        ...[...keys].flatMap(key => store.objects('ServiceRoute').get(key) ?? []),
      ],
      current: currentOf(keys),
      settings,
    })
  }

  /** The route whose DNSEndpoint has a name that a new one would get (`a`+`b-c`, `a-b`+`c`), gone or not. */
  function rivalsFor({ namespace = '', name }: ResourceRef): readonly string[] {
    const present = store.objects('DNSEndpoint').get(`${namespace}/${name}`)
    const owner = present === undefined || !isOurs(present) ? undefined : routeOwner(present)
    if (owner === undefined) return []
    const routes = [...index.routesOf(owner)]
    return routes.length > 0 ? routes : [owner]
  }

  function currentOf(routes: ReadonlySet<string>) {
    const ours = new Map<string, KubeObject>()
    for (const route of routes)
      for (const key of index.endpointsOf(ownerKeyOf(route))) {
        const object = store.objects('DNSEndpoint').get(key)
        if (object !== undefined) ours.set(key, object)
      }
    return {
      dnsEndpoints: existing('DNSEndpoint', ours),
      istioGateways: { ours: new Map(), isForeign: () => false },
      publishers: publishersOf(ours.values()),
    }
  }

  function existing(kind: 'DNSEndpoint' | 'IstioGateway', ours: ReadonlyMap<string, KubeObject>) {
    return {
      ours,
      isForeign: (key: string): boolean => {
        const object = store.objects(kind).get(key)
        return object !== undefined && !ours.has(key) && !isOurs(object)
      },
    }
  }
}

const ownerKeyOf = (key: string): string => {
  const slash = key.indexOf('/')
  return routeOwnerKey({ namespace: key.slice(0, slash), name: key.slice(slash + 1) })
}

/** The object that the store has for a reference. */
export const lookUp =
  (store: Store) =>
  (ref: ResourceRef): KubeObject | undefined => {
    const kind = storedKindOf(ref)
    return kind === undefined ? undefined : store.objects(kind).get(`${ref.namespace ?? ''}/${ref.name}`)
  }
