import { apiVersionOf, DNSEndpoint } from '../../../src/api/kinds.ts'
import type { KubeObject } from '../../../src/api/object.ts'
import { listAll } from '../../cluster/support/plane.ts'
import type { ControlPlane } from '../../lab/cluster.ts'
import { waitFor } from '../../lab/wait.ts'
import { recordsIn } from './records.ts'

/** Watches every DNSEndpoint, through whatever happens to the control plane, and keeps what a record went through. */
export interface Witness extends AsyncDisposable {
  /** `- weu api… CNAME …`, each record that went or changed, even for a moment; once it has seen all that there is. */
  losses(): Promise<readonly string[]>
}

interface WatchLine {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: KubeObject
}

export const witness = async (plane: ControlPlane): Promise<Witness> => {
  const stop = new AbortController()
  const known = new Map<string, KubeObject>()
  const losses: string[] = []
  const trouble: string[] = []
  const key = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`
  const session = new Bun.FetchSession({
    tls: { ca: plane.ca, cert: plane.admin.cert, key: plane.admin.key },
    proxy: false,
  })
  const path = `/apis/${apiVersionOf(DNSEndpoint)}/${DNSEndpoint.plural}`
  const first = await plane.request<{ metadata: { resourceVersion: string }; items: KubeObject[] }>(
    'GET',
    path,
  )
  for (const object of first.body.items) known.set(key(object), object)
  let version = first.body.metadata.resourceVersion

  const take = ({ type, object }: WatchLine): void => {
    if (type === 'ERROR') {
      trouble.push(JSON.stringify(object))
      return
    }
    version = object.metadata.resourceVersion ?? version
    if (type === 'BOOKMARK') return
    const before = known.get(key(object))
    const after = type === 'DELETED' ? [] : recordsIn(object)
    for (const record of before === undefined ? [] : recordsIn(before))
      if (!after.includes(record)) losses.push(`- ${record}`)
    if (type === 'DELETED') known.delete(key(object))
    else known.set(key(object), object)
  }

  const watching = (async () => {
    while (!stop.signal.aborted) {
      try {
        const response = await session.fetch(
          `${plane.url}${path}?watch=1&resourceVersion=${version}&timeoutSeconds=600`,
          { signal: stop.signal, timeout: false },
        )
        if (response.ok && response.body !== null)
          for await (const line of lines(response.body)) take(JSON.parse(line))
      } catch {
        // The API server is not there: it is asked again.
      }
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
        { what: `the witness to have seen all ${trouble.join()}` },
      )
      return losses
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
