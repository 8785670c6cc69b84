import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
// The index, and `config.js` as well, load every model of the API: 25 MB and 10 ms (130 ms when not compiled), for a
// KubeConfig class whose loading differs from kubectl's (a file that is missing from $KUBECONFIG, a name that stands in
// two files, the last current-context instead of the first, `tokenFile`, a plugin beside the kubeconfig). So we take
// the parsers of the entries, which cost nothing, and do what is around them here.
import {
  ActionOnInvalid,
  type Cluster,
  type Context,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from '@kubernetes/client-node/dist/config_types.js'
import { exitCode, messageOf, UserError } from '../lib/errors.ts'

/** The entries of one kubeconfig, or of several laid over each other; paths are absolute. */
export interface Kubeconfig {
  /** Those that were read, the first counts most. */
  readonly files: readonly string[]
  readonly currentContext: string
  readonly clusters: readonly Cluster[]
  readonly contexts: readonly Context[]
  readonly users: readonly ConfigUser[]
}

/** What client-node leaves out of a user. */
export interface ConfigUser extends User {
  readonly tokenFile: string | undefined
  /** The fields that begin with `as`. */
  readonly impersonation: Readonly<Record<string, unknown>>
}

/** As kubectl merges: of two entries with one name the first counts, and so does the first current-context. */
export const mergeKubeconfigs = (configs: readonly Kubeconfig[]): Kubeconfig => ({
  files: configs.flatMap(config => config.files),
  currentContext: configs.find(config => config.currentContext !== '')?.currentContext ?? '',
  clusters: firstOfName(configs.flatMap(config => config.clusters)),
  contexts: firstOfName(configs.flatMap(config => config.contexts)),
  users: firstOfName(configs.flatMap(config => config.users)),
})

/** Undefined where there is no such file. */
export const readKubeconfig = (file: string): Kubeconfig | undefined => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw unusable(`the kubeconfig ${file} cannot be read: ${messageOf(thrown)}`)
  }
  return parseKubeconfig(text, file)
}

export const parseKubeconfig = (text: string, file: string): Kubeconfig => {
  let parsed: unknown
  try {
    parsed = Bun.YAML.parse(text)
  } catch (thrown) {
    throw unusable(`the kubeconfig ${file} is not valid YAML: ${messageOf(thrown)}`)
  }
  // An empty file is an empty kubeconfig: `touch ~/.kube/config` breaks nothing.
  const root = parsed === null || parsed === undefined ? {} : parsed
  if (!isRecord(root)) throw unusable(`${file} is no kubeconfig`)
  const folder = dirname(file)
  const absolute = (path: string): string => (isAbsolute(path) ? path : join(folder, path))
  // An entry that lacks something does no harm until it is the one that is used.
  const lenient = { onInvalidEntry: ActionOnInvalid.FILTER }
  const current = root['current-context']
  return {
    files: [file],
    currentContext: typeof current === 'string' ? current : '',
    clusters: newClusters(root.clusters, lenient).map(cluster =>
      cluster.caFile ? { ...cluster, caFile: absolute(cluster.caFile) } : cluster,
    ),
    contexts: newContexts(root.contexts, lenient),
    users: newUsers(root.users, lenient).map(user =>
      withPaths(user, rawUser(root.users, user.name), absolute),
    ),
  }
}

const withPaths = (
  user: User,
  raw: Readonly<Record<string, unknown>>,
  absolute: (path: string) => string,
): ConfigUser => ({
  ...user,
  ...(user.certFile ? { certFile: absolute(user.certFile) } : {}),
  ...(user.keyFile ? { keyFile: absolute(user.keyFile) } : {}),
  ...(isRecord(user.exec) ? { exec: withCommandPath(user.exec, absolute) } : {}),
  tokenFile: typeof raw.tokenFile === 'string' && raw.tokenFile !== '' ? absolute(raw.tokenFile) : undefined,
  impersonation: Object.fromEntries(
    Object.entries(raw).filter(([key]) => key === 'as' || key.startsWith('as-')),
  ),
})

/** A command with a slash lies relative to the kubeconfig, one without is looked up in $PATH. */
const withCommandPath = (
  exec: Readonly<Record<string, unknown>>,
  absolute: (path: string) => string,
): Readonly<Record<string, unknown>> =>
  typeof exec.command === 'string' && exec.command.includes('/')
    ? { ...exec, command: absolute(exec.command) }
    : exec

const rawUser = (users: unknown, name: string): Readonly<Record<string, unknown>> => {
  const entry: unknown = Array.isArray(users)
    ? users.find(each => isRecord(each) && each.name === name)
    : undefined
  return isRecord(entry) && isRecord(entry.user) ? entry.user : {}
}

const firstOfName = <T extends { readonly name: string }>(entries: readonly T[]): T[] => {
  const found = new Map<string, T>()
  for (const entry of entries) if (!found.has(entry.name)) found.set(entry.name, entry)
  return [...found.values()]
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const unusable = (
  message: string,
  hint = 'Correct the kubeconfig, or name another one with --kubeconfig.',
): UserError => new UserError(exitCode.unreachable, message, hint)
