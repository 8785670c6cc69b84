import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { nextFor } from '../../src/adopt/next.ts'
import { ownershipEndpoints } from '../../src/adopt/objects.ts'
import type { Progress } from '../../src/adopt/step.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { endpointsOf } from '../../src/engine/current.ts'
import { policy, route } from '../engine/build.ts'
import { deployment, domain, endpointsFor, progressIn, type Scene, type ZoneContent } from './scene.ts'

/** An ExternalDNS in so many words. */
interface Fake {
  readonly name: string
  readonly selector: string
  readonly namespace: string
  readonly policy: string
  readonly owner: string
  readonly prefix: string
  readonly types: readonly string[]
  readonly replicas: number
}

const fakes: fc.Arbitrary<Fake> = fc.record({
  name: fc.constantFrom('one', 'two', 'three'),
  selector: fc.constantFrom(
    'router.io/region=weu',
    'router.io/region=weu,router.io/serviceroute',
    'router.io/region=weu,router.io/serviceroute,router.io/source-namespace!=billing',
    'router.io/serviceroute,router.io/source-namespace=shop',
    'router.io/region=weu,router.io/resource-type=gateway-service',
    'router.io/resource-type=gateway-service,router.io/target-postfix!=internal',
    'router.io/region=neu',
  ),
  namespace: fc.constantFrom('', '', '', 'shop'),
  policy: fc.constantFrom('sync', 'upsert-only'),
  owner: fc.constantFrom('zone-weu', 'aks01-weu', 'aks01-neu'),
  prefix: fc.constantFrom('sr-', 'srr-', 'srgw-'),
  types: fc.subarray(['A', 'AAAA', 'CNAME', 'TXT'], { minLength: 1 }),
  replicas: fc.constantFrom(0, 1, 1),
})

const records = [
  'aks01-weu-internal A 10.0.0.1',
  `web-ns-p-prod-shop CNAME aks01-weu-internal.${domain}`,
  `pay-ns-p-prod-billing CNAME aks01-weu-internal.${domain}`,
]

const owners = ['zone-weu', 'aks01-weu', 'aks01-neu']

/** Each record is there or not, and is owned by anybody, under any prefix, in the format of today or of long ago. */
const zones: fc.Arbitrary<ZoneContent> = fc
  .tuple(
    ...records.map(record => {
      const [name, type = ''] = record.split(' ')
      const texts = ['sr-', 'srr-', 'srgw-'].flatMap(prefix =>
        [`${prefix}${type.toLowerCase()}-${name}`, `${prefix}${name}`].flatMap(text =>
          owners.map(owner => `${text} TXT ${owner}`),
        ),
      )
      return fc.tuple(fc.constantFrom([record], [record], []), fc.subarray(texts, { maxLength: 3 }))
    }),
  )
  .map(lines => lines.flat(2))

const billing = (isHere: boolean): readonly KubeObject[] => [
  policy('billing', isHere ? {} : { mode: 'RegionBound', sourceRegion: 'neu' }),
  route('billing', 'pay'),
]

const scenes = fc.record({
  instances: fc.uniqueArray(fakes, { selector: ({ name }) => name, maxLength: 3 }),
  zone: zones,
  inputs: fc.boolean().map(billing),
  applied: fc.boolean(),
})

const flagsOf = ({ selector, namespace, policy, owner, prefix, types }: Fake): readonly string[] => [
  `--label-filter=${selector}`,
  `--namespace=${namespace}`,
  `--policy=${policy}`,
  `--txt-owner-id=${owner}`,
  `--txt-prefix=${prefix}`,
  ...types.map(type => `--managed-record-types=${type}`),
]

const deploymentsOf = (instances: readonly Fake[]): readonly KubeObject[] =>
  instances.map(fake => deployment(fake.name, undefined, flagsOf(fake), fake.replicas))

/** As far as these selectors go: `key`, `key=value`, `key!=value`. */
const passes = (selector: string, labels: Readonly<Record<string, string>>): boolean =>
  selector.split(',').every(part => {
    const [, key = '', operator, value] = /^([^!=]+)(?:(!?=)(.*))?$/.exec(part) ?? []
    if (operator === undefined) return labels[key] !== undefined
    return (labels[key] === value) === (operator === '=')
  })

/** What the instances delete in one cycle: of ExternalDNS, only that. */
const deletedBy = (
  instances: readonly Fake[],
  zone: ZoneContent,
  endpoints: readonly KubeObject[],
): readonly string[] => {
  const texts = new Map<string, Set<string>>()
  for (const line of zone) {
    const [name = '', type, owner = ''] = line.split(' ')
    if (type === 'TXT') texts.set(name, (texts.get(name) ?? new Set()).add(owner))
  }
  return instances
    .filter(({ replicas, policy }) => replicas > 0 && policy === 'sync')
    .flatMap(({ selector, namespace, owner, prefix, types }) => {
      const wanted = new Set(
        endpoints
          .filter(({ metadata }) => namespace === '' || metadata.namespace === namespace)
          .filter(({ metadata }) => passes(selector, metadata.labels ?? {}))
          .flatMap(endpointsOf)
          .map(({ dnsName, recordType }) => `${dnsName} ${recordType}`),
      )
      return zone.filter(line => {
        const [name = '', type = ''] = line.split(' ')
        if (type === 'TXT' || !types.includes(type) || wanted.has(`${name}.${domain} ${type}`)) return false
        const text = texts.get(`${prefix}${type.toLowerCase()}-${name}`) ?? texts.get(`${prefix}${name}`)
        return text?.has(owner) === true
      })
    })
}

/** Both as they are when somebody has done what is said to be next. */
const followed = (
  progress: Progress,
  instances: readonly Fake[],
  zone: ZoneContent,
): { readonly instances: readonly Fake[]; readonly zone: ZoneContent } => {
  let after = instances
  const change = (name: string, changes: Partial<Fake>): void => {
    after = after.map(fake => (fake.name === name ? { ...fake, ...changes } : fake))
  }
  for (const { say, run, arguments: given = [] } of nextFor(progress)) {
    const name = /Deployment dns\/(\S+?)(?:,|$| )/.exec(say)?.[1]
    const replicas = /--replicas=(\d)/.exec(run ?? '')?.[1]
    if (name !== undefined && replicas !== undefined) change(name, { replicas: Number(replicas) })
    else if (given.length > 0 && name !== undefined) change(name, read(given))
    else if (given.length > 0) after = [...after, { ...blank, ...read(given), name: `new-${after.length}` }]
  }
  const open = progress.adoptions.filter(({ ownership }) => ownership.state === 'open')
  const written = ownershipEndpoints(
    progress.zone,
    open.map(({ record }) => record),
  )
    .flatMap(endpointsOf)
    .map(({ dnsName, targets: [text = ''] }) => {
      const owner = /owner=([^",]+)/.exec(text)?.[1]
      return `${dnsName.slice(0, -domain.length - 1)} TXT ${owner}`
    })
  const isWritten = progress.step === 'write' || progress.step === 'wait'
  return { instances: after, zone: isWritten ? [...zone, ...written] : zone }
}

const blank: Fake = {
  name: '',
  selector: '',
  namespace: '',
  policy: 'sync',
  owner: 'default',
  prefix: '',
  types: ['A', 'AAAA', 'CNAME'],
  replicas: 1,
}

const read = (given: readonly string[]): Partial<Fake> => {
  const value = (flag: string): readonly string[] =>
    given.flatMap(each => (each.startsWith(`--${flag}=`) ? [each.slice(flag.length + 3)] : []))
  const one = (field: keyof Fake, flag: string): Partial<Fake> =>
    value(flag).length === 0 ? {} : { [field]: value(flag).at(-1) }
  const types = value('managed-record-types')
  return {
    ...one('selector', 'label-filter'),
    ...one('policy', 'policy'),
    ...one('owner', 'txt-owner-id'),
    ...one('prefix', 'txt-prefix'),
    ...(types.length === 0 ? {} : { types }),
  }
}

const runs = { numRuns: Number(process.env.SROUTER_TEST_RUNS ?? 100) }

test('where no danger is told, nothing is deleted, neither now nor after what is next', () => {
  fc.assert(
    fc.property(scenes, ({ instances, ...rest }) => {
      const scene: Scene = { ...rest, deployments: deploymentsOf(instances) }
      const progress = progressIn(scene)
      if (progress.dangers.length > 0) return
      const endpoints = endpointsFor(scene)
      expect(deletedBy(instances, rest.zone, endpoints)).toEqual([])
      const after = followed(progress, instances, rest.zone)
      expect(deletedBy(after.instances, after.zone, endpoints)).toEqual([])
    }),
    runs,
  )
})

test('danger is told of an instance that runs only where one deletes, now or with the ownership that is written', () => {
  fc.assert(
    fc.property(scenes, ({ instances, ...rest }) => {
      const scene: Scene = { ...rest, deployments: deploymentsOf(instances) }
      const progress = progressIn(scene)
      const running = progress.dangers.filter(({ message }) => message.includes(', which runs,'))
      if (running.length === 0) return
      const endpoints = endpointsFor(scene)
      const open = progress.adoptions.flatMap(({ record, ownership }) => {
        const { owner, prefix } = progress.zone.target[record.kind]
        const name = record.name.slice(0, -domain.length - 1)
        return ownership.state === 'open'
          ? [`${prefix}${record.type.toLowerCase()}-${name} TXT ${owner}`]
          : []
      })
      const lost = [rest.zone, [...rest.zone, ...open]].flatMap(zone => deletedBy(instances, zone, endpoints))
      expect(lost).not.toEqual([])
    }),
    runs,
  )
})
