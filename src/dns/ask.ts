import { Resolver } from 'node:dns/promises'
import { type Question, questionKey, type RecordType } from '../api/questions.ts'
import type { Answer, Answers } from '../engine/failover/answers.ts'
import type { Inquiry } from '../engine/failover/questions.ts'

export interface AskOptions {
  readonly signal?: AbortSignal
  /** How long to wait for a server, in milliseconds; it is asked twice. */
  readonly timeoutMs?: number
}

/** A server in the same region answers in milliseconds, one across an ocean within 300. */
const defaultTimeoutMs = 1_000

/**
 * Asks the name servers of each zone directly, all questions at the same time. It never throws: a server that says
 * nothing is an answer, too. NXDOMAIN and an empty answer are `absent`; a time-out, SERVFAIL, REFUSED and the like are
 * `silent`. Each call asks anew: a resolver keeps answers for as long as they say.
 */
export const ask = async (
  { questions, servers }: Inquiry,
  { signal, timeoutMs = defaultTimeoutMs }: AskOptions = {},
): Promise<Answers> => {
  const zones = new Set(questions.map(({ zone }) => zone))
  const resolvers = new Map(
    [...zones].map(zone => [zone, resolverFor(servers.get(zone) ?? [], timeoutMs)] as const),
  )
  const cancel = (): void => {
    for (const resolver of resolvers.values()) resolver.cancel()
  }
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    const answers = await Promise.all(
      questions.map(async (question): Promise<readonly [string, Answer]> => {
        const resolver = resolvers.get(question.zone)
        const answer: Answer =
          resolver === undefined || signal?.aborted
            ? { state: 'silent', why: 'not asked' }
            : await askOne(resolver, question, servers.get(question.zone) ?? [])
        return [questionKey(question), answer]
      }),
    )
    return new Map(answers)
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}

/** Without servers, those of the system. */
const resolverFor = (servers: readonly string[], timeoutMs: number): Resolver => {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 })
  if (servers.length > 0) resolver.setServers(servers)
  return resolver
}

const askOne = async (
  resolver: Resolver,
  { name, type }: Question,
  servers: readonly string[],
): Promise<Answer> => {
  try {
    const targets = await reads[type](resolver, name)
    return targets.length === 0 ? { state: 'absent' } : { state: 'found', targets }
  } catch (thrown) {
    const code = (thrown as { readonly code?: unknown }).code
    if (code === 'ENOTFOUND' || code === 'ENODATA') return { state: 'absent' }
    const who = servers.length === 0 ? "the system's resolver" : servers.join(', ')
    return { state: 'silent', why: `${who} ${reasons[String(code)] ?? `failed with ${String(code)}`}` }
  }
}

const reads: Readonly<Record<RecordType, (resolver: Resolver, name: string) => Promise<readonly string[]>>> =
  {
    A: (resolver, name) => resolver.resolve4(name),
    AAAA: (resolver, name) => resolver.resolve6(name),
    CNAME: (resolver, name) => resolver.resolveCname(name),
    TXT: async (resolver, name) => joinedTexts((await resolver.resolveTxt(name)).flat()),
  }

/**
 * A text of more than 255 characters is in several pieces, and Bun answers each as if it were a record of its own. So a
 * piece that is full goes on in the next one.
 */
const joinedTexts = (pieces: readonly string[]): readonly string[] => {
  const texts: string[] = []
  let isFull = false
  for (const piece of pieces) {
    if (isFull) texts.push((texts.pop() ?? '') + piece)
    else texts.push(piece)
    isFull = piece.length === longestPiece
  }
  return texts
}

const longestPiece = 255

const reasons: Readonly<Record<string, string>> = {
  ETIMEOUT: 'does not answer',
  ECONNREFUSED: 'does not answer',
  ECANCELLED: 'was not waited for',
  ESERVFAIL: 'answers SERVFAIL',
  EREFUSED: 'refuses to answer',
  ENOTIMP: 'does not know this type of question',
  EFORMERR: 'does not understand the question',
  EBADRESP: 'answers what is no DNS message',
}
