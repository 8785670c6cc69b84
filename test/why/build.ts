import type { KubeObject } from '../../src/api/object.ts'
import { questionKey } from '../../src/api/questions.ts'
import { indexCurrent } from '../../src/engine/current.ts'
import { decode } from '../../src/engine/decode.ts'
import { evaluate } from '../../src/engine/evaluate.ts'
import type { Answer } from '../../src/engine/failover/answers.ts'
import { type Inquiry, inquiryOf } from '../../src/engine/failover/questions.ts'
import { defaultSettings, type Settings } from '../../src/engine/snapshot.ts'
import { type Chain, chainOf } from '../../src/why/chain.ts'
import { questionsOf } from '../../src/why/questions.ts'
import { subjectOf } from '../../src/why/subject.ts'
import { applied, configuration, run } from '../engine/build.ts'

/** What the zones have, by region: `{ 'web.aks.example.com CNAME': ['…'] }`; a text is why a zone does not answer. */
export type Zones = Readonly<Record<string, string | Readonly<Record<string, readonly string[]>>>>

export const domain = 'aks.example.com'
export const servers = { weu: '10.1.0.4', neu: '10.2.0.4' } as const

/** Both zones can be read, and both prefixes are known. */
export const readable = (spec: object = {}): KubeObject =>
  configuration({
    externalDNSControllers: (['weu', 'neu'] as const).map(region => ({
      name: `external-dns-${region}`,
      region,
      txtPrefix: 'sr-',
      gatewayTxtPrefix: 'srgw-',
      nameservers: [servers[region]],
    })),
    ...spec,
  })

export const owner = (of: string, resource: string): readonly string[] => [
  `heritage=external-dns,external-dns/owner=${of},external-dns/resource=crd/${resource}`,
]

/** A world: what is there, what was written, and what the zones answer. */
export interface Scene {
  readonly inputs: readonly KubeObject[]
  /** Changes what srouter has written and ExternalDNS has read. */
  readonly current?: (objects: readonly KubeObject[]) => readonly KubeObject[]
  readonly zones: Zones
  /** What was written rests on what the zones answer; else on nothing, as if these had changed since. */
  readonly settled?: true
  readonly settings?: Partial<Settings>
}

export const now = '2026-01-02T03:04:05Z'

export const why = (
  host: string,
  { inputs, current = all => all, zones, settled, settings = {} }: Scene,
): Chain => {
  const given = { ...defaultSettings, now, ...settings }
  const first = settled ? { answers: answersTo(zones, inquiryOf(inputs, [], given)) } : {}
  const written = applied(run(inputs, [], { ...given, ...first })).map(asRead)
  const objects = current(written)
  const ofEngine = inquiryOf(inputs, objects, given)
  const seen = answersTo(zones, ofEngine)
  const before = evaluate(decode(inputs, new Set()), indexCurrent(objects), given)
  const own = questionsOf(subjectOf(host, before), before)
  const { evaluation, plan } = run(inputs, objects, { ...given, answers: seen })
  const answers = new Map([...seen, ...answersTo(zones, own)])
  return chainOf(subjectOf(host, evaluation), { evaluation, plan, answers, servers: own.servers })
}

const answersTo = (zones: Zones, { questions }: Inquiry): ReadonlyMap<string, Answer> =>
  new Map(
    questions.map(question => {
      const zone = zones[question.zone] ?? 'does not answer'
      const targets = typeof zone === 'string' ? [] : (zone[`${question.name} ${question.type}`] ?? [])
      const answer: Answer =
        typeof zone === 'string'
          ? { state: 'silent', why: zone }
          : targets.length === 0
            ? { state: 'absent' }
            : { state: 'found', targets }
      return [questionKey(question), answer] as const
    }),
  )

const asRead = (object: KubeObject): KubeObject =>
  object.kind === 'DNSEndpoint'
    ? {
        ...object,
        metadata: { ...object.metadata, generation: 1, creationTimestamp: '2026-01-02T03:03:05Z' },
        status: { observedGeneration: 1 },
      }
    : object
