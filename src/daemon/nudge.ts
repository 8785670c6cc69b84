import { label, nudgedAnnotation } from '../api/labels.ts'
import { type KubeObject, refOf } from '../api/object.ts'
import { type Question, questionKey } from '../api/questions.ts'
import { ask } from '../dns/ask.ts'
import { endpointsOf } from '../engine/current.ts'
import type { Answers } from '../engine/failover/answers.ts'
import type { Inquiry } from '../engine/failover/questions.ts'
import { type KubeClient, patch } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { aborted } from './aborted.ts'

/**
 * A host that moves from one cluster to another is NXDOMAIN from when the old cluster's ExternalDNS removes it until the
 * next cycle of the new one's, which has seen a record of another owner until then, and leaves it. With `--events`
 * ExternalDNS begins a cycle when a DNSEndpoint changes; so the DNSEndpoint is touched when its name is seen to be gone.
 */
export interface Nudge {
  /** A DNSEndpoint of a route that has just been created. */
  watch(object: KubeObject): void
  /** Looks after those until the signal is aborted. Never rejects. */
  run(signal: AbortSignal): Promise<void>
}

export interface NudgeOptions {
  readonly client: KubeClient
  readonly log: Log
  /** By zone, the name servers of the DNSConfiguration; zones without any are left alone. */
  readonly servers: () => ReadonlyMap<string, readonly string[]>
  readonly ask?: (inquiry: Inquiry, signal: AbortSignal) => Promise<Answers>
}

interface Watched {
  readonly object: KubeObject
  readonly question: Question
  readonly targets: readonly string[]
  readonly until: number
  /** Whether the zone had the name with another target. */
  wasOther: boolean
}

const everyMs = 1_000
/** The old cluster's ExternalDNS may have a long interval. */
const watchedMs = 600_000
/** A cold start creates thousands, none of which moves. */
const most = 200

export const createNudge = ({ client, log, servers, ...options }: NudgeOptions): Nudge => {
  const inquire = options.ask ?? ((inquiry, signal) => ask(inquiry, { signal }))
  const watched = new Map<string, Watched>()
  let wake = Promise.withResolvers<void>()

  const touch = async ({ object }: Watched, signal: AbortSignal): Promise<void> => {
    const at = new Date(client.timing.now()).toISOString()
    try {
      await patch(
        client,
        refOf(object),
        { metadata: { annotations: { [nudgedAnnotation]: at } } },
        { signal },
      )
      log.info('DNSEndpoint touched, because its name was gone', { object: object.metadata.name })
    } catch (error) {
      log.debug('DNSEndpoint not touched', { object: object.metadata.name, error: messageOf(error) })
    }
  }

  const look = async (signal: AbortSignal): Promise<void> => {
    const questions = [...watched.values()].map(({ question }) => question)
    const answers = await inquire({ questions, servers: servers() }, signal)
    for (const [key, each] of watched) {
      const answer = answers.get(questionKey(each.question))
      if (client.timing.elapsed() > each.until) watched.delete(key)
      else if (answer?.state === 'found') {
        const isOurs = each.targets.every(target => answer.targets.includes(target))
        if (isOurs) watched.delete(key)
        else each.wasOther = true
      } else if (answer?.state === 'absent' && each.wasOther) {
        watched.delete(key)
        await touch(each, signal)
      }
    }
  }

  return {
    watch: object => {
      const zone = object.metadata.labels?.[label.region] ?? ''
      const [endpoint] = endpointsOf(object)
      if (endpoint?.recordType !== 'CNAME' || !servers().has(zone) || watched.size >= most) return
      const question = { zone, name: endpoint.dnsName, type: 'CNAME' } as const
      const until = client.timing.elapsed() + watchedMs
      watched.set(questionKey(question), {
        object,
        question,
        targets: endpoint.targets,
        until,
        wasOther: false,
      })
      wake.resolve()
    },
    run: async signal => {
      const stopped = aborted(signal)
      while (!signal.aborted) {
        if (watched.size === 0) await Promise.race([wake.promise, stopped])
        wake = Promise.withResolvers()
        if (signal.aborted) return
        await look(signal).catch((error: unknown) => log.debug('Zones not read', { error: messageOf(error) }))
        await client.timing.pause(everyMs, signal).catch(() => {})
      }
    },
  }
}
