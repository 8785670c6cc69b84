import type { DNSConfigurationSpec } from '../api/dns-configuration.ts'
import { label } from '../api/labels.ts'
import type { KubeObject, ResourceRef } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import type { ObjectChange } from '../engine/change.ts'
import { publishersOf, routeOwner } from '../engine/current.ts'
import { servedBy, servedFor } from '../engine/derive/istio-gateways.ts'
import { type Reconciliation, reconcile } from '../engine/engine.ts'
import type { JudgedRoute } from '../engine/evaluate.ts'
import { reconcileIstio, reconcileSlice, type SliceResult } from '../engine/slice.ts'
import type { Settings } from '../engine/snapshot.ts'
import { ownerKeyOf, type RoutesIndex } from './routes-index.ts'
import { inputKinds, type Store, storedKindOf } from './store.ts'

/** The engine over the store: over all of it, over some routes, or over some Gateways' hosts. */
export interface Passes {
  full(settings: Settings): Reconciliation
  slice(routes: Iterable<string>, settings: Settings): Slice
  istio(gateways: Iterable<string>, settings: Settings): readonly ObjectChange[]
  /** `routes`, and all that have to be judged with them. */
  contenders(routes: Iterable<string>): ReadonlySet<string>
}

export interface Slice extends SliceResult {
  /** The routes that were judged, those that are gone included, as DNSEndpoints name them (see routeOwnerKey). */
  readonly owners: ReadonlySet<string>
  /** Gateways whose hosts have changed by it, by `namespace/name`. */
  readonly touched: ReadonlySet<string>
}

/** What a route has its Gateway serve; a route in error goes on being served as it was. */
type Served = { readonly gateway: string; readonly host: string | undefined }

const platformKinds = inputKinds.filter(kind => kind !== 'ServiceRoute' && kind !== 'DNSPolicy')
const noFiles: ReadonlySet<KubeObject> = new Set()

export const createPasses = (store: Store, index: RoutesIndex): Passes => {
  /** By route. What a slice leaves out is taken from here. */
  const served = new Map<string, Served>()

  const remember = (route: JudgedRoute, touched: Set<string>): void => {
    const { key } = route.resource
    const before = served.get(key)
    const after: Served = servedBy(route) ?? {
      gateway: before?.gateway ?? route.facts.gatewayKey,
      host: undefined,
    }
    if (before?.gateway === after.gateway && before.host === after.host) return
    if (before !== undefined) touched.add(before.gateway)
    served.set(key, after)
    touched.add(after.gateway)
  }

  const forget = (key: string, touched: Set<string>): void => {
    const before = served.get(key)
    if (before === undefined) return
    served.delete(key)
    touched.add(before.gateway)
  }

  const platform = (): KubeObject[] => platformKinds.flatMap(kind => [...store.objects(kind).values()])

  return {
    contenders,

    full: settings => {
      const reconciliation = reconcile(
        {
          inputs: inputKinds.flatMap(kind => [...store.objects(kind).values()]),
          fromFiles: noFiles,
          current: [...store.objects('DNSEndpoint').values(), ...store.objects('IstioGateway').values()],
          settings,
        },
        'changes',
      )
      const { routes } = reconciliation.evaluation
      const touched = new Set<string>()
      for (const route of routes) remember(route, touched)
      if (served.size > routes.length)
        for (const key of served.keys()) if (!store.objects('ServiceRoute').has(key)) served.delete(key)
      return reconciliation
    },

    slice: (routes, settings) => {
      let keys = contenders(routes)
      for (;;) {
        const result = sliceOf(keys, settings)
        const known = keys
        const rivals = result.objects.flatMap(holders).filter(rival => !known.has(rival))
        if (rivals.length > 0) {
          keys = contenders([...keys, ...rivals])
          continue
        }
        const touched = new Set<string>()
        for (const route of result.evaluation.routes) remember(route, touched)
        for (const gateway of losers(result.objects)) touched.add(gateway)
        for (const key of keys) if (!store.objects('ServiceRoute').has(key)) forget(key, touched)
        return { ...result, owners: new Set([...keys].map(ownerKeyOf)), touched }
      }
    },

    istio: (gateways, settings) => {
      const hosts = new Map<string, Set<string>>([...gateways].map(gateway => [gateway, new Set()]))
      const inError = new Set<string>()
      for (const [key, { gateway, host }] of served)
        if (host === undefined) inError.add(ownerKeyOf(key))
        else hosts.get(gateway)?.add(host)
      const owners = new Set([...hosts.keys()].map(ownerKeyOf))
      const theirs = [...store.objects('IstioGateway')].filter(([, { metadata }]) =>
        owners.has(`${metadata.namespace ?? ''}/${metadata.labels?.[label.gateway] ?? ''}`),
      )
      const current = {
        dnsEndpoints: { ours: endpointsOf(inError), isForeign: () => false },
        istioGateways: existing('IstioGateway', new Map(theirs)),
        publishers: new Map(),
      }
      const theirGateways = [...hosts.keys()].flatMap(key => store.objects('Gateway').get(key) ?? [])
      for (const { gateway, host } of servedFor(inError, theirGateways, current))
        hosts.get(gateway)?.add(host)
      return reconcileIstio({ inputs: platform(), current, settings }, hosts)
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

  function contenders(routes: Iterable<string>): ReadonlySet<string> {
    const infixes = controllerInfixes(store)
    let keys = index.contenders(routes, store)
    if (infixes.size === 0) return keys
    for (;;) {
      const rivals = [...keys].flatMap(key => rivalsInName(key, infixes)).filter(key => !keys.has(key))
      const present = rivals.filter(key => store.objects('ServiceRoute').has(key))
      if (present.length === 0) return keys
      keys = index.contenders([...keys, ...present], store)
    }
  }

  /** The route whose DNSEndpoint has the name that a new one would get; gone or not. */
  function holders({ action, ref: { namespace = '', name } }: ObjectChange): readonly string[] {
    const present = action === 'create' ? store.objects('DNSEndpoint').get(`${namespace}/${name}`) : undefined
    const owner = present === undefined || !isOurs(present) ? undefined : routeOwner(present)
    if (owner === undefined) return []
    const owning = [...index.routesOf(owner)]
    return owning.length > 0 ? owning : [owner]
  }

  /** The Gateways of routes in error that lose what they still published, and with it what is served for them. */
  function losers(changes: readonly ObjectChange[]): readonly string[] {
    return changes.flatMap(({ action, before }) => {
      const owner = action === 'delete' && before !== undefined ? routeOwner(before) : undefined
      if (owner === undefined) return []
      return [...index.routesOf(owner)].flatMap(route => served.get(route)?.gateway ?? [])
    })
  }

  /** The DNSEndpoints of routes by their owner keys, by `namespace/name`. */
  function endpointsOf(owners: Iterable<string>): ReadonlyMap<string, KubeObject> {
    const ours = new Map<string, KubeObject>()
    for (const owner of owners)
      for (const key of index.endpointsOf(owner)) {
        const object = store.objects('DNSEndpoint').get(key)
        if (object !== undefined) ours.set(key, object)
      }
    return ours
  }

  function currentOf(routes: ReadonlySet<string>) {
    const ours = endpointsOf([...routes].map(ownerKeyOf))
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

/**
 * What may stand between a route's name and a controller's, or belong to either: `b` where controllers `b-c` and `c` are.
 * Few clusters have any.
 */
const controllerInfixes = (store: Store): ReadonlySet<string> => {
  const names = [...store.objects('DNSConfiguration').values()].flatMap(({ spec }) => {
    const listed = (spec as Partial<DNSConfigurationSpec> | undefined)?.externalDNSControllers
    return Array.isArray(listed) ? listed.map(({ name }) => name) : []
  })
  return new Set(
    names.flatMap(long =>
      names.filter(short => long.endsWith(`-${short}`)).map(short => long.slice(0, -short.length - 1)),
    ),
  )
}

/** Routes that may want the DNSEndpoint names that this one does: `n/a-b` for `n/a`, and the other way round. */
const rivalsInName = (route: string, infixes: ReadonlySet<string>): readonly string[] =>
  [...infixes].flatMap(infix => [
    `${route}-${infix}`,
    ...(route.endsWith(`-${infix}`) ? [route.slice(0, -infix.length - 1)] : []),
  ])

/** The object that the store has for a reference. */
export const lookUp =
  (store: Store) =>
  (ref: ResourceRef): KubeObject | undefined => {
    const kind = storedKindOf(ref)
    return kind === undefined ? undefined : store.objects(kind).get(`${ref.namespace ?? ''}/${ref.name}`)
  }
