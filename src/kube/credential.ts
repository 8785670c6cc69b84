import { readFileSync } from 'node:fs'
import { messageOf } from '../lib/errors.ts'
import { unusable } from './kubeconfig.ts'
import type { Source } from './target.ts'

/** What a request proves its user with. */
export interface Credential {
  /** PEM. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** The `Authorization` header. */
  readonly authorization?: string | undefined
}

/** Where credentials come from, and come from anew. */
export interface Credentials {
  current(): Promise<Credential>
  /** The server refused `refused` (401): another credential, or undefined where there is no other. */
  renew(refused: Credential): Promise<Credential | undefined>
}

export const sameCredential = (a: Credential, b: Credential): boolean =>
  a.cert === b.cert && a.key === b.key && a.authorization === b.authorization

/** The text of a source; `what` names it where it cannot be read. */
export const textOf = (source: Source | undefined, what: string): string | undefined => {
  if (source === undefined) return undefined
  if ('text' in source) return source.text
  try {
    return readFileSync(source.file, 'utf8')
  } catch (thrown) {
    throw unusable(`the ${what} ${source.file} cannot be read: ${messageOf(thrown)}`)
  }
}
