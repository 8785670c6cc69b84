import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import type { Cluster, Context } from '@kubernetes/client-node/dist/config_types.js'
import { suggest } from '../lib/suggest.ts'
import { impersonationHeaders } from './impersonation.ts'
import { podTarget, serviceAccountFolder } from './in-cluster.ts'
import {
  type ConfigUser,
  isRecord,
  type Kubeconfig,
  mergeKubeconfigs,
  readKubeconfig,
  unusable,
} from './kubeconfig.ts'
import type { ExecPlugin, KubeTarget, KubeUser, Source } from './target.ts'

export interface ConfigOptions {
  /** `--kubeconfig`: this file alone. */
  readonly kubeconfig?: string | undefined
  /** `--context`, instead of the current one. */
  readonly context?: string | undefined
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Where a pod has its service account; another one in tests. */
  readonly serviceAccount?: string
}

/** `--kubeconfig`, else the files in $KUBECONFIG, else ~/.kube/config, else the service account of the pod. */
export const loadConfig = (options: ConfigOptions = {}): KubeTarget => {
  const env = options.env ?? process.env
  const files = candidates(options.kubeconfig, env)
  const read = files.paths.flatMap(file => readKubeconfig(file) ?? [])
  if (read.length > 0) return targetOf(mergeKubeconfigs(read), options.context)
  if (files.explicit)
    throw unusable(
      `${files.from} names ${files.paths.join(', ')}, which ${files.paths.length === 1 ? 'does' : 'do'} not exist`,
      'Give the path of an existing kubeconfig with --kubeconfig or in $KUBECONFIG.',
    )
  const folder = options.serviceAccount ?? serviceAccountFolder
  const pod = podTarget(env, folder)
  if (pod === undefined)
    throw unusable(
      `there is no kubeconfig: --kubeconfig and $KUBECONFIG are not set, ${files.paths.join(', ')} does not exist, ` +
        'and this is no pod with a service account',
      'Get one from your cloud (az aks get-credentials, aws eks update-kubeconfig …) or name it with --kubeconfig.',
    )
  if (options.context !== undefined)
    throw unusable(
      `there is no context "${options.context}": without a kubeconfig the service account of the pod is used`,
      'Leave --context out, or give --kubeconfig as well.',
    )
  return pod
}

/** The contexts that `--context` could name, where there is a kubeconfig. */
export const contextNames = ({
  kubeconfig,
  env = process.env,
}: Pick<ConfigOptions, 'kubeconfig' | 'env'>): readonly string[] =>
  mergeKubeconfigs(candidates(kubeconfig, env).paths.flatMap(file => readKubeconfig(file) ?? []))
    .contexts.map(({ name }) => name)
    .sort()

interface Candidates {
  readonly paths: readonly string[]
  readonly from: string
  /** The user named them, so that going on without them would be a surprise. */
  readonly explicit: boolean
}

const candidates = (
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Candidates => {
  if (flag !== undefined && flag !== '')
    return { paths: [resolve(flag)], from: '--kubeconfig', explicit: true }
  const listed = (env.KUBECONFIG ?? '').split(delimiter).filter(path => path !== '')
  if (listed.length > 0)
    return { paths: listed.map(path => resolve(path)), from: '$KUBECONFIG', explicit: true }
  return { paths: [join(env.HOME ?? homeOfUser(), '.kube', 'config')], from: '', explicit: false }
}

/** A user of a container may be in no list of users, and so have no home. */
const homeOfUser = (): string => {
  try {
    return homedir()
  } catch {
    return '/'
  }
}

const targetOf = (config: Kubeconfig, wanted: string | undefined): KubeTarget => {
  const context = contextOf(config, wanted)
  const files = config.files.join(', ')
  const origin = `context "${context.name}" of ${files}`
  const cluster = config.clusters.find(each => each.name === context.cluster)
  if (cluster === undefined)
    throw unusable(
      `${origin} names the cluster "${context.cluster}", which is missing or has no server there`,
    )
  const user = config.users.find(each => each.name === context.user)
  if (user === undefined && (context.user ?? '') !== '')
    throw unusable(`${origin} names the user "${context.user}", which is missing there`)
  return {
    origin,
    context: context.name,
    namespace: context.namespace,
    server: serverOf(cluster, origin),
    ca: sourceOf(cluster.caFile, cluster.caData),
    serverName: cluster.tlsServerName,
    insecure: cluster.skipTLSVerify,
    proxyUrl: cluster.proxyUrl || undefined,
    user: user === undefined ? anonymous : userOf(user, origin),
  }
}

const anonymous: KubeUser = { name: '', impersonate: {} }

const contextOf = (config: Kubeconfig, wanted: string | undefined): Context => {
  const name = wanted ?? config.currentContext
  const names = config.contexts.map(context => context.name)
  const files = config.files.join(', ')
  const known = names.length === 0 ? 'It has no contexts.' : `Contexts: ${names.join(', ')}.`
  if (name === '')
    throw unusable(
      `no context is chosen in ${files}`,
      `${known} Choose one with --context, or for good with: kubectl config use-context NAME`,
    )
  const context = config.contexts.find(each => each.name === name)
  if (context !== undefined) return context
  const meant = suggest(name, names)
  throw unusable(
    wanted === undefined
      ? `the current context "${name}" is not in ${files}`
      : `there is no context "${name}" in ${files}`,
    meant === undefined ? known : `Did you mean "${meant}"? ${known}`,
  )
}

const serverOf = (cluster: Cluster, origin: string): string => {
  const url = URL.canParse(cluster.server) ? new URL(cluster.server) : undefined
  if (url === undefined || !['https:', 'http:'].includes(url.protocol) || url.host === '')
    throw unusable(
      `${origin} has the server "${cluster.server}", which is no https:// address`,
      'It looks like https://10.0.0.1:6443 or https://name:443.',
    )
  return cluster.server.replace(/\/+$/, '')
}

const userOf = (user: ConfigUser, origin: string): KubeUser => {
  if (user.authProvider)
    throw unusable(
      `${origin}: the user "${user.name}" logs in by an auth-provider, which Kubernetes 1.26 has dropped`,
      'Convert it to an exec plugin, for example with: kubelogin convert-kubeconfig',
    )
  return {
    name: user.name,
    cert: sourceOf(user.certFile, user.certData),
    key: sourceOf(user.keyFile, user.keyData),
    token: user.token || undefined,
    tokenFile: user.tokenFile,
    exec: user.exec ? execOf(user.exec, user.name, origin) : undefined,
    basic: user.username ? { username: user.username, password: user.password ?? '' } : undefined,
    impersonate: impersonationHeaders(user.impersonation, origin),
  }
}

/** Data counts before a file, as in kubectl. */
const sourceOf = (file: string | undefined, data: string | undefined): Source | undefined => {
  if (data) return { text: Buffer.from(data, 'base64').toString('utf8') }
  return file ? { file } : undefined
}

const execOf = (exec: unknown, user: string, origin: string): ExecPlugin => {
  const entry = isRecord(exec) ? exec : {}
  const wrong = (what: string) => unusable(`${origin}: the exec plugin of the user "${user}" has ${what}`)
  if (typeof entry.command !== 'string' || entry.command === '') throw wrong('no command')
  const apiVersion = String(entry.apiVersion ?? '')
  if (!/^client\.authentication\.k8s\.io\/v1(beta1)?$/.test(apiVersion))
    throw wrong(`apiVersion "${apiVersion}", not client.authentication.k8s.io/v1 or v1beta1`)
  const env = Array.isArray(entry.env) ? entry.env.filter(isRecord) : []
  const mode = entry.interactiveMode
  return {
    apiVersion,
    command: entry.command,
    args: Array.isArray(entry.args) ? entry.args.map(String) : [],
    env: Object.fromEntries(env.map(each => [String(each.name), String(each.value ?? '')])),
    installHint: typeof entry.installHint === 'string' ? entry.installHint.trim() : undefined,
    interactiveMode: mode === 'Never' || mode === 'Always' ? mode : 'IfAvailable',
    provideClusterInfo: entry.provideClusterInfo === true,
  }
}
