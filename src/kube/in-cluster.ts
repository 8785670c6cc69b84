import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeTarget } from './target.ts'

/** Where the kubelet puts a pod's service account; the token there is renewed about every hour. */
export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

/** What a pod is told about its API server; undefined outside of one, or where no token is mounted. */
export const podTarget = (
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): KubeTarget | undefined => {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env
  const tokenFile = join(folder, 'token')
  if (!host || !port || !existsSync(tokenFile)) return undefined
  const namespaceFile = join(folder, 'namespace')
  return {
    origin: `the service account of this pod (${folder})`,
    namespace: existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : undefined,
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: { file: join(folder, 'ca.crt') },
    insecure: false,
    user: { name: 'service account', tokenFile, impersonate: {} },
  }
}
