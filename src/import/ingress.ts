import type { IstioGatewaySpec, IstioServer } from '../api/foreign.ts'
import { IstioGateway } from '../api/kinds.ts'
import { label } from '../api/labels.ts'
import { groupOf, type KubeObject } from '../api/object.ts'
import { isOurs } from '../api/ownership.ts'
import { serversOf } from '../engine/current.ts'

/** How an Istio Gateway serves hosts, as far as a Gateway of srouter can say the same. */
export interface Ingress {
  readonly controller: string
  readonly credentialName: string
}

export const isIstioGateway = (object: KubeObject): boolean =>
  object.kind === IstioGateway.kind && groupOf(object.apiVersion) === IstioGateway.group

export const handMadeGateways = (current: readonly KubeObject[]): readonly KubeObject[] =>
  current.filter(object => isIstioGateway(object) && !isOurs(object))

export const ingressKey = ({ controller, credentialName }: Ingress): string =>
  `${controller} ${credentialName}`

type Question = (server: IstioServer, spec: IstioGatewaySpec) => string | undefined

const selects: Question = (_, { selector = {} }) =>
  typeof selector[label.istio] === 'string' && Object.keys(selector).length === 1
    ? undefined
    : `selects pods by more or other than the label ${label.istio}`

const isHttps: Question = ({ port }) =>
  port?.number === 443 && port.protocol?.toUpperCase() === 'HTTPS'
    ? undefined
    : `has a server of ${port?.protocol ?? 'no protocol'} on port ${port?.number ?? '?'}, and srouter makes HTTPS on 443`

const isSimple: Question = ({ tls }) =>
  tls?.mode === 'SIMPLE' && typeof tls.credentialName === 'string'
    ? undefined
    : 'has a server whose tls is not mode SIMPLE with a credentialName'

const isBare: Question = server => {
  const {
    hosts: _hosts,
    port,
    tls,
    name: _name,
    ...rest
  } = server as IstioServer & { readonly name?: string }
  const more = [
    ...Object.keys(rest),
    ...Object.keys(port ?? {}).filter(key => !['number', 'name', 'protocol'].includes(key)),
    ...Object.keys(tls ?? {}).filter(key => !['mode', 'credentialName'].includes(key)),
  ]
  return more.length === 0 ? undefined : `has a server with ${more.join(', ')}, which srouter does not set`
}

/** What a server must be like for a Gateway of srouter to serve the same, from top to bottom. */
const questions: readonly Question[] = [selects, isHttps, isSimple, isBare]

/** What of a server srouter would not make, or undefined. */
export const serverProblem = (server: IstioServer, object: KubeObject): string | undefined => {
  const spec = (object.spec ?? {}) as IstioGatewaySpec
  for (const question of questions) {
    const problem = question(server, spec)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** `shop/api.example.com` means virtual services of namespace shop; to its clients the host is what is behind it. */
export const bareHost = (host: string): string => host.slice(host.indexOf('/') + 1).toLowerCase()

/** What a server comes to, whether or not all of it could be said by a Gateway. */
export const ingressOf = (server: IstioServer, object: KubeObject): Ingress | undefined => {
  const controller = (object.spec as IstioGatewaySpec | undefined)?.selector?.[label.istio]
  const credentialName = server.tls?.credentialName
  return typeof controller === 'string' && typeof credentialName === 'string'
    ? { controller, credentialName }
    : undefined
}

export interface IngressIndex {
  readonly all: readonly Ingress[]
  /** Those that serve a host: by its name, else by the longest wildcard. */
  readonly serving: (host: string) => readonly Ingress[]
}

export const indexIngress = (gateways: readonly KubeObject[]): IngressIndex => {
  const byHost = new Map<string, Ingress[]>()
  const all = new Map<string, Ingress>()
  for (const object of gateways)
    for (const server of serversOf(object)) {
      const ingress = ingressOf(server, object)
      if (ingress === undefined) continue
      all.set(ingressKey(ingress), ingress)
      for (const host of server.hosts ?? []) {
        const key = bareHost(host)
        byHost.set(key, [...(byHost.get(key) ?? []), ingress])
      }
    }
  return {
    all: [...all.values()],
    serving: host => {
      const exact = byHost.get(host)
      if (exact !== undefined) return exact
      for (let at = host.indexOf('.'); at > 0; at = host.indexOf('.', at + 1)) {
        const wild = byHost.get(`*${host.slice(at)}`)
        if (wild !== undefined) return wild
      }
      return byHost.get('*') ?? []
    },
  }
}
