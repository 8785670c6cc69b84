import { type Credential, type Credentials, sameCredential, textOf } from './credential.ts'
import { execCredentials } from './exec.ts'
import { unusable } from './kubeconfig.ts'
import type { KubeTarget, KubeUser } from './target.ts'
import type { Timing } from './timing.ts'

export const credentialsFor = (target: KubeTarget, timing: Timing): Credentials =>
  target.user.exec !== undefined && target.user.token === undefined && target.user.tokenFile === undefined
    ? execCredentials(target, target.user.exec, timing)
    : storedCredentials(target.user, timing)

/** As client-go has it: a rotated file is noticed within a minute, or at the 401 that comes before. */
const rereadMs = 60_000

/** Certificate, token and password as they stand in the kubeconfig or in files. */
const storedCredentials = (user: KubeUser, timing: Timing): Credentials => {
  let read: Credential | undefined
  let readAt = 0
  const load = (): Credential => {
    const next: Credential = {
      cert: textOf(user.cert, 'client certificate'),
      key: textOf(user.key, 'client key'),
      authorization: authorizationOf(user),
    }
    readAt = timing.elapsed()
    // The same object as long as nothing changed: by that the connections of the old credential are kept.
    if (read === undefined || !sameCredential(read, next)) read = next
    return read
  }
  return {
    current: async () => {
      if (read !== undefined && timing.elapsed() - readAt < rereadMs) return read
      try {
        return load()
      } catch (thrown) {
        // The moment in which a file is being replaced; what was read before is still the best there is.
        if (read === undefined) throw thrown
        return read
      }
    },
    renew: async refused => {
      const next = load()
      return sameCredential(next, refused) ? undefined : next
    },
  }
}

const authorizationOf = (user: KubeUser): string | undefined => {
  if (user.tokenFile !== undefined) {
    const token = textOf({ file: user.tokenFile }, 'token')?.trim() ?? ''
    if (token === '') throw unusable(`the token file ${user.tokenFile} is empty`)
    return `Bearer ${token}`
  }
  if (user.token !== undefined) return `Bearer ${user.token.trim()}`
  if (user.basic !== undefined)
    return `Basic ${Buffer.from(`${user.basic.username}:${user.basic.password}`).toString('base64')}`
  return undefined
}
