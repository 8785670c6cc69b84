import type { Evaluation } from '../engine/evaluate.ts'
import type { Answers } from '../engine/failover/answers.ts'
import type { Plan } from '../engine/plan.ts'

/** What every link is judged by. */
export interface Known {
  readonly evaluation: Evaluation
  readonly plan: Pick<Plan, 'objects' | 'records'>
  /** What the zones answer to the questions of questions.ts. */
  readonly answers: Answers
  /** By zone that can be asked: its name servers as `ip[:port]`; none for the system's resolver. */
  readonly servers: ReadonlyMap<string, readonly string[]>
}

/** From a resource to the answer of a zone, in this order. */
export type LinkName =
  | 'route'
  | 'policy'
  | 'identity'
  | 'controllers'
  | 'gateway'
  | 'failover'
  | 'address'
  | 'endpoint'
  | 'read'
  | 'record'

/** One step from a resource to what clients get. */
export interface Link {
  readonly link: LinkName
  /**
   * `note`: as it should be, but not what one would expect, such as a stand-by cluster. `unknown`: nobody could be asked.
   */
  readonly state: 'ok' | 'note' | 'unknown' | 'broken'
  /** The region of the zone that it is about; absent where it is about all of them. */
  readonly zone?: string
  /** The code of docs/findings.md, where there is one. */
  readonly reason?: string
  readonly message: string
  /** What to do. */
  readonly hint?: string
}

/** What an issue of the engine is as a link. */
export const brokenBy = (
  link: LinkName,
  { code, message, hint }: { readonly code: string; readonly message: string; readonly hint: string },
): Link => ({ link, state: 'broken', reason: code, message, ...(hint === '' ? {} : { hint }) })

/** The links up to the first that is broken, which is the last one asked for. */
export function* untilBroken(links: Iterable<Link>): Generator<Link> {
  for (const link of links) {
    yield link
    if (link.state === 'broken') return
  }
}
