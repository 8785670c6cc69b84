import { readFileSync } from 'node:fs'

/** An API server, and who asks it. */
export interface Target {
  readonly url: string
  readonly ca: string
  readonly cert: string
  readonly key: string
}

type Fetch = Bun.FetchSession['fetch']

/** Bun's fetch with connections that are kept; nothing is repeated, and nothing forgiven. */
export const connect = (file: string): { readonly url: string; readonly fetch: Fetch } => {
  const { url, ca, cert, key } = JSON.parse(readFileSync(file, 'utf8')) as Target
  return { url, fetch: new Bun.FetchSession({ tls: { ca, cert, key }, proxy: false }).fetch }
}

export const expectOk = async (response: Response): Promise<string> => {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${response.url}: ${text.slice(0, 500)}`)
  return text
}

interface Page {
  readonly metadata: { readonly continue?: string }
  readonly items: readonly unknown[]
}

/** All objects of a collection, 500 at a time. */
export const listAll = async (
  { url, fetch }: ReturnType<typeof connect>,
  path: string,
): Promise<unknown[]> => {
  const items: unknown[] = []
  let next = ''
  do {
    const page = JSON.parse(await expectOk(await fetch(`${url}${path}?limit=500${next}`))) as Page
    items.push(...page.items)
    next = page.metadata.continue ? `&continue=${encodeURIComponent(page.metadata.continue)}` : ''
  } while (next !== '')
  return items
}
