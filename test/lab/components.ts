import type { Tool } from './tools.ts'

export type ComponentName = 'etcd' | 'apiserver' | 'controllerManager'

export const toolOf: Readonly<Record<ComponentName, Tool>> = {
  etcd: 'etcd',
  apiserver: 'kube-apiserver',
  controllerManager: 'kube-controller-manager',
}

export interface Ports {
  readonly etcd: number
  readonly apiserver: number
  readonly controllerManager: number
}

/** Files of a control plane's folder that the commands name. */
export const files = {
  ca: 'ca.crt',
  serverCert: 'apiserver.crt',
  serverKey: 'apiserver.key',
  signingKey: 'service-accounts.key',
  signingPublicKey: 'service-accounts.pub',
  kubeconfig: 'kubeconfig',
} as const

type Arguments = (folder: string, ports: Ports, address: string) => string[]

/** Everything listens on one address of the machine, 127.0.0.1 unless it has a place of its own. */
export const argumentsOf: Readonly<Record<ComponentName, Arguments>> = {
  etcd: (folder, ports, address) => [
    `--data-dir=${folder}/etcd`,
    `--listen-client-urls=http://${address}:${ports.etcd}`,
    `--advertise-client-urls=http://${address}:${ports.etcd}`,
    '--listen-peer-urls=http://127.0.0.1:0',
    // The data need not survive a crash of the machine; a killed etcd loses nothing by it.
    '--unsafe-no-fsync',
    '--quota-backend-bytes=8589934592',
    '--log-level=warn',
  ],
  apiserver: (folder, ports, address) => [
    `--etcd-servers=http://${address}:${ports.etcd}`,
    `--bind-address=${address}`,
    `--advertise-address=${address}`,
    `--secure-port=${ports.apiserver}`,
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/16',
    `--tls-cert-file=${folder}/${files.serverCert}`,
    `--tls-private-key-file=${folder}/${files.serverKey}`,
    `--client-ca-file=${folder}/${files.ca}`,
    '--authorization-mode=RBAC',
    // It wants a ServiceAccount's token in every Pod, and there are no nodes to run Pods on.
    '--disable-admission-plugins=ServiceAccount',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${folder}/${files.signingPublicKey}`,
    `--service-account-signing-key-file=${folder}/${files.signingKey}`,
  ],
  controllerManager: (folder, ports, address) => [
    `--kubeconfig=${folder}/${files.kubeconfig}`,
    `--bind-address=${address}`,
    `--secure-port=${ports.controllerManager}`,
    `--tls-cert-file=${folder}/${files.serverCert}`,
    `--tls-private-key-file=${folder}/${files.serverKey}`,
    `--root-ca-file=${folder}/${files.ca}`,
    `--service-account-private-key-file=${folder}/${files.signingKey}`,
    // Their names before 1.28, which later versions know as well.
    '--controllers=garbagecollector,namespace,serviceaccount,serviceaccount-token,clusterrole-aggregation',
    '--leader-elect=false',
    // A test that deletes a namespace with a thousand objects should not wait for the client's rate limit.
    '--kube-api-qps=1000',
    '--kube-api-burst=2000',
  ],
}
