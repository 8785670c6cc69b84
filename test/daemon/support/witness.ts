import { apiVersionOf, DNSEndpoint } from '../../../src/api/kinds.ts'
import type { KubeObject } from '../../../src/api/object.ts'
import { listAll } from '../../cluster/support/plane.ts'
import type { ControlPlane } from '../../lab/cluster.ts'
import { waitFor } from '../../lab/wait.ts'
import { recordsIn } from './records.ts'

/** Watches every DNSEndpoint, through whatever happens to the control plane, and keeps what a record went through. */
export interface Witness extends AsyncDisposable {
  /** `- weu api… CNAME …`, each record that went or changed, even for a moment; sorted, once it has seen all there is. */
  losses(): Promise<readonly string[]>
}

interface WatchLine {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: KubeObject
}

interface State {
  readonly metadata: { readonly resourceVersion: string }
  readonly items: readonly KubeObject[]
}

const path = `/apis/${apiVersionOf(DNSEndpoint)}/${DNSEndpoint.plural}`
const key = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`

export const witness = async (
  plane: ControlPlane,
  /** What counts as a record of an object. */
  seen: (object: KubeObject) => readonly string[] = recordsIn,
): Promise<Witness> => {
  const stop = new AbortController()
  const known = new Map<string, KubeObject>()
  const lost: string[] = []
  let version: string | undefined
  const session = new Bun.FetchSession({
    tls: { ca: plane.ca, cert: plane.admin.cert, key: plane.admin.key },
    proxy: false,
  })

  const take = (id: string, after: KubeObject | undefined): void => {
    const before = known.get(id)
    const left = after === undefined ? [] : seen(after)
    for (const record of before === undefined ? [] : seen(before))
      if (!left.includes(record)) lost.push(`- ${record}`)
    if (after === undefined) known.delete(id)
    else known.set(id, after)
  }

  /** What is there now. One that was deleted and made anew while nobody looked has another uid. */
  const look = async (): Promise<void> => {
    const { status, body } = await plane.request<State>('GET', path)
    if (status !== 200) throw new Error(`the DNSEndpoints cannot be listed: ${status}`)
    const present = new Map(body.items.map(object => [key(object), object]))
    for (const [id, { metadata }] of [...known])
      if (present.get(id)?.metadata.uid !== metadata.uid) take(id, undefined)
    for (const [id, object] of present) take(id, object)
    version = body.metadata.resourceVersion
  }

  const follow = async (): Promise<void> => {
    if (version === undefined) await look()
    const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${version}&timeoutSeconds=600`
    const response = await session.fetch(`${plane.url}${path}?${query}`, {
      signal: stop.signal,
      timeout: false,
    })
    // A server that has just started knows nothing of what was before.
    if (response.status === 410) version = undefined
    if (!response.ok || response.body === null) return
    for await (const line of lines(response.body)) {
      const { type, object } = JSON.parse(line) as WatchLine
      if (type === 'ERROR') {
        version = undefined
        return
      }
      version = object.metadata.resourceVersion
      if (type !== 'BOOKMARK') take(key(object), type === 'DELETED' ? undefined : object)
    }
  }

  await look()
  const watching = (async () => {
    while (!stop.signal.aborted) {
      // The API server may be away: it is asked again.
      await follow().catch(() => {})
      if (!stop.signal.aborted) await Bun.sleep(50)
    }
  })()

  return {
    losses: async () => {
      await waitFor(
        async () => {
          const present = await listAll(plane, DNSEndpoint)
          return (
            present.length === known.size &&
            present.every(
              object => known.get(key(object))?.metadata.resourceVersion === object.metadata.resourceVersion,
            )
          )
        },
        { what: 'the witness to have seen all', timeoutMs: 30_000 },
      )
      return lost.toSorted()
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await watching
      session.close()
    },
  }
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}
