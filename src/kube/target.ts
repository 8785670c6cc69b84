/** A text, or the file that has it: a file is read again, because it may be replaced while the daemon runs. */
export type Source = { readonly text: string } | { readonly file: string }

/** Which API server, and as whom: a kubeconfig context or a pod's service account, with all paths absolute. */
export interface KubeTarget {
  /** `context "dev" of /home/jo/.kube/config`, for messages. */
  readonly origin: string
  readonly context?: string | undefined
  /** The namespace of the context, or of the pod. */
  readonly namespace?: string | undefined
  /** Without a slash at its end; may have a path. */
  readonly server: string
  /** PEM; without it the system's authorities count. */
  readonly ca?: Source | undefined
  /** The name that the server's certificate must have, instead of the host in `server`. */
  readonly serverName?: string | undefined
  readonly insecure: boolean
  readonly proxyUrl?: string | undefined
  readonly user: KubeUser
}

/** Of the token fields one is used: `tokenFile` before `token` before `exec`, as kubectl does. */
export interface KubeUser {
  readonly name: string
  /** PEM. */
  readonly cert?: Source | undefined
  readonly key?: Source | undefined
  readonly token?: string | undefined
  readonly tokenFile?: string | undefined
  readonly exec?: ExecPlugin | undefined
  readonly basic?: { readonly username: string; readonly password: string } | undefined
  /** `Impersonate-…` headers. */
  readonly impersonate: Readonly<Record<string, string>>
}

/** A program that prints an ExecCredential (client.authentication.k8s.io). */
export interface ExecPlugin {
  readonly apiVersion: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly installHint?: string | undefined
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always'
  readonly provideClusterInfo: boolean
}
