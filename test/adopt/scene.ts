import { ownershipEndpoints } from '../../src/adopt/objects.ts'
import { questionsOf } from '../../src/adopt/questions.ts'
import { type Progress, progressOf } from '../../src/adopt/step.ts'
import { type Zone, zonesOf } from '../../src/adopt/zone.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { questionKey } from '../../src/api/questions.ts'
import { indexCurrent } from '../../src/engine/current.ts'
import { decode } from '../../src/engine/decode.ts'
import type { Answer } from '../../src/engine/failover/answers.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { buildWorld } from '../../src/engine/world.ts'
import { instancesIn } from '../../src/external-dns/instance.ts'
import {
  applied,
  configuration,
  gateway,
  identity,
  object,
  policy,
  route,
  run,
  service,
} from '../engine/build.ts'

/** A cluster with one gateway and one Active route `web` in `shop`, and one zone, weu, as a row of a table wants them. */

export const domain = 'aks.example.com'
export const host = `web-ns-p-prod-shop.${domain}`
export const elsewhere = `pay-ns-p-prod-billing.${domain}`
export const target = `aks01-weu-internal.${domain}`

/** `srgw-a-aks01-weu-internal TXT zone-weu`: name without the domain, type, and the value; of TXT, the owner. */
export type ZoneContent = readonly string[]

export interface Scene {
  readonly controller?: object
  readonly inputs?: readonly KubeObject[]
  readonly deployments?: readonly KubeObject[]
  readonly zone?: ZoneContent
  /** The cluster has the DNSEndpoints that adopt would print for an empty set of ownership records. */
  readonly applied?: boolean
  readonly isSilent?: boolean
}

export const published: ZoneContent = [`aks01-weu-internal A 10.0.0.1`, `web-ns-p-prod-shop CNAME ${target}`]
export const owned: ZoneContent = [
  'srgw-a-aks01-weu-internal TXT zone-weu',
  'srr-cname-web-ns-p-prod-shop TXT aks01-weu',
]
export const oldOwned: ZoneContent = [
  'sr-a-aks01-weu-internal TXT zone-weu',
  'sr-cname-web-ns-p-prod-shop TXT zone-weu',
]

const prefixes = { txtPrefix: 'srr-', gatewayTxtPrefix: 'srgw-' }

export const inputsOf = ({ controller = prefixes, inputs = [] }: Scene): readonly KubeObject[] => [
  identity(),
  configuration({
    externalDNSControllers: [
      { name: 'external-dns-weu', region: 'weu', nameservers: ['10.0.0.53'], ...controller },
    ],
  }),
  gateway(),
  service(),
  policy('shop'),
  route('shop', 'web'),
  ...inputs,
]

/** The DNSEndpoints that srouter has made. */
export const endpointsFor = (scene: Scene = {}): readonly KubeObject[] =>
  applied(run(inputsOf(scene))).filter(({ kind }) => kind === 'DNSEndpoint')

const zoneFor = (scene: Scene, endpoints: readonly KubeObject[]): Zone => {
  const world = buildWorld(decode(inputsOf(scene), new Set()), indexCurrent(endpoints), defaultSettings)
  const [zone] = zonesOf({ world, endpoints, instances: instancesIn(scene.deployments ?? []) })
  if (zone === undefined) throw new Error('no zone')
  return zone
}

export const progressIn = (scene: Scene): Progress => {
  const endpoints = endpointsFor(scene)
  const zone = zoneFor(scene, endpoints)
  const everything = ownershipEndpoints(
    zone,
    zone.records.filter(({ standing }) => standing === 'published'),
  )
  const whole = scene.applied ? zoneFor(scene, [...endpoints, ...everything]) : zone
  const answers = new Map(
    questionsOf(whole).map(question => [questionKey(question), answerTo(scene, question)] as const),
  )
  return progressOf(whole, answers)
}

const answerTo = (
  { zone = [], isSilent }: Scene,
  { name, type }: { readonly name: string; readonly type: string },
): Answer => {
  if (isSilent) return { state: 'silent', why: '10.0.0.53 does not answer' }
  const targets = zone.flatMap(line => {
    const [label, recordType, value = ''] = line.split(' ')
    if (`${label}.${domain}` !== name || recordType !== type) return []
    return type !== 'TXT' || value.includes('=')
      ? [value]
      : [`heritage=external-dns,external-dns/owner=${value}`]
  })
  return targets.length === 0 ? { state: 'absent' } : { state: 'found', targets }
}

/** A Deployment of ExternalDNS for zone weu, with further arguments. */
export const deployment = (
  name: string,
  filter: keyof typeof filters | undefined,
  args: readonly string[],
  replicas = 1,
  version = 'v0.21.0',
): KubeObject =>
  object(
    'apps/v1',
    'Deployment',
    { name, namespace: 'dns' },
    {
      spec: {
        replicas,
        template: {
          spec: {
            containers: [
              {
                image: `registry.k8s.io/external-dns/external-dns:${version}`,
                args: [
                  '--provider=azure',
                  '--source=crd',
                  ...(filter === undefined ? [] : [`--label-filter=${filters[filter]}`]),
                  ...args,
                ],
              },
            ],
          },
        },
      },
    },
  )

const filters = {
  both: 'router.io/region=weu',
  slip: 'router.io/regoin=weu,router.io/serviceroute',
  none: 'app=something-else',
  routes: 'router.io/region=weu,router.io/serviceroute',
  gateways: 'router.io/region=weu,router.io/resource-type=gateway-service',
} as const

export const txt = '--managed-record-types=TXT'
export const addresses = ['A', 'AAAA', 'CNAME'].map(type => `--managed-record-types=${type}`)
export const registry = (owner: string, prefix: string): readonly string[] => [
  `--txt-owner-id=${owner}`,
  `--txt-prefix=${prefix}`,
]

export const single = (...more: readonly string[]): KubeObject =>
  deployment('old', 'both', ['--policy=upsert-only', ...registry('zone-weu', 'sr-'), ...addresses, ...more])
export const routes = (replicas = 1): KubeObject =>
  deployment(
    'routes',
    'routes',
    ['--policy=sync', ...registry('aks01-weu', 'srr-'), '--managed-record-types=CNAME'],
    replicas,
  )
export const gateways = (replicas = 1, ...more: readonly string[]): KubeObject =>
  deployment(
    'gateways',
    'gateways',
    ['--policy=upsert-only', ...registry('zone-weu', 'srgw-'), ...addresses, ...more],
    replicas,
  )
