import { stringify } from 'yaml'
import type { Credentials, Server } from './client.ts'

export interface KubeconfigOptions {
  /** Another address for the same API server, such as that of a proxy in front of it. */
  readonly url?: string
  readonly namespace?: string
}

export const kubeconfigText = (
  server: Server,
  credentials: Credentials,
  { url = server.url, namespace }: KubeconfigOptions = {},
): string => {
  const user =
    'token' in credentials
      ? { token: credentials.token }
      : { 'client-certificate-data': btoa(credentials.cert), 'client-key-data': btoa(credentials.key) }
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server: url, 'certificate-authority-data': btoa(server.ca) } }],
    users: [{ name: credentials.user, user }],
    contexts: [
      {
        name: 'lab',
        context: {
          cluster: 'lab',
          user: credentials.user,
          ...(namespace === undefined ? {} : { namespace }),
        },
      },
    ],
    'current-context': 'lab',
  })
}
