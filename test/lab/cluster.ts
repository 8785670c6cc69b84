import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeObject } from '../../src/api/object.ts'
import type { KeyPair } from './certificates.ts'
import { type Client, type Credentials, createClient, type Manifest } from './client.ts'
import { argumentsOf, type ComponentName, files, type Ports, toolOf } from './components.ts'
import { newFolder, writeCertificates } from './folder.ts'
import { type KubeconfigOptions, kubeconfigText } from './kubeconfig.ts'
import { here, type Place } from './place.ts'
import { freePorts } from './ports.ts'
import { type LabProcess, launch, startWatchdog, tail } from './process.ts'
import { executable } from './tools.ts'
import { GiveUp, waitFor } from './wait.ts'

export interface ControlPlaneOptions {
  /** Where it keeps everything, and which is removed in the end. A new temporary folder when absent. */
  readonly folder?: string
  /**
   * Applied before the controller manager starts. CRDs belong here: the garbage collector looks for new kinds every
   * 30 s only, so an owned object of a kind that came later may wait that long.
   */
  readonly manifests?: readonly (KubeObject | Manifest)[]
  /** Further arguments, such as `--feature-gates=WatchList=false`. */
  readonly arguments?: Readonly<Partial<Record<ComponentName, readonly string[]>>>
  /** Where it runs; here, unless told otherwise. It listens on the place's control address. */
  readonly place?: Place
  /** Goes on when this process ends; `scripts/lab up` needs that. */
  readonly outlive?: boolean
}

/** A user with a client certificate. */
export interface ClientCertificate extends KeyPair {
  readonly user: string
}

/** etcd, kube-apiserver and kube-controller-manager of its own. What it has of Client is done as cluster admin. */
export interface ControlPlane extends Client {
  readonly folder: string
  /** `https://127.0.0.1:PORT`, or the control address of its place */
  readonly url: string
  /** PEM. */
  readonly ca: string
  /** In the group system:masters. */
  readonly admin: ClientCertificate
  /** A user of any name; what it may do is for RBAC to say. Valid for a year, unless told otherwise. */
  issueClientCert(user: string, groups?: readonly string[], notAfter?: Date): Promise<ClientCertificate>
  /** Writes a kubeconfig of its own and returns the path; the admin's when no one is named. */
  kubeconfig(credentials?: Credentials, options?: KubeconfigOptions): string
  /** What the component printed. */
  logFile(component: ComponentName): string
  /** undefined while it does not run. */
  pid(component: ComponentName): number | undefined
  /** Ends it (SIGKILL when no signal is named) and waits until it has ended. SIGSTOP and SIGCONT only hold it. */
  kill(component: ComponentName, signal?: NodeJS.Signals): Promise<void>
  /** Starts it again, with the port and the data that it had, and waits until it is ready. */
  restart(component: ComponentName): Promise<void>
  /** Ends everything and removes the folder. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts a control plane and waits until it is ready. It ends with this process, however that ends. */
export const startControlPlane = async (options: ControlPlaneOptions = {}): Promise<ControlPlane> => {
  bypassProxy((options.place ?? here).control)
  const folder = newFolder(options.folder)
  const endWatchdog = options.outlive ? undefined : startWatchdog(folder)
  const processes = new Map<ComponentName, LabProcess>()
  const stop = async () => {
    await Promise.all([...processes.values()].map(process => process.kill('SIGKILL')))
    if (endWatchdog === undefined) rmSync(folder, { recursive: true, force: true })
    else await endWatchdog()
  }
  try {
    return await start(folder, options, processes, stop)
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

const start = async (
  folder: string,
  options: ControlPlaneOptions,
  processes: Map<ComponentName, LabProcess>,
  stop: () => Promise<void>,
): Promise<ControlPlane> => {
  const [etcd = 0, apiserver = 0, controllerManager = 0] = freePorts(3)
  const ports: Ports = { etcd, apiserver, controllerManager }
  const place = options.place ?? here
  const address = place.control
  const url = `https://${address}:${ports.apiserver}`

  const run = async (component: ComponentName, isReady: () => Promise<boolean>): Promise<void> => {
    const tool = toolOf[component]
    const extra = options.arguments?.[component] ?? []
    const command = [await executable(tool), ...argumentsOf[component](folder, ports, address), ...extra]
    const process = launch(folder, tool, place.command(command))
    processes.set(component, process)
    const check = async () => {
      if (!process.alive()) throw new GiveUp(`${tool} ended; the end of its log:\n${tail(process.logFile)}`)
      return isReady()
    }
    await waitFor(check, { what: `${tool} to be ready (${process.logFile})`, timeoutMs: 60_000 })
  }

  const etcdReady = async () => (await answer(`http://${address}:${ports.etcd}/health`)) !== undefined
  const [authority] = await Promise.all([writeCertificates(folder, address), run('etcd', etcdReady)])
  const server = { url, ca: authority.cert }
  const issueClientCert: ControlPlane['issueClientCert'] = async (user, groups = [], notAfter) => ({
    user,
    ...(await authority.issueClient(user, groups, notAfter)),
  })
  const admin = await issueClientCert('admin', ['system:masters'])
  const client = createClient(server, admin)
  let kubeconfigs = 0
  const kubeconfig = (credentials: Credentials = admin, more: KubeconfigOptions = {}): string => {
    const path = join(folder, `kubeconfig-${++kubeconfigs}`)
    writeFileSync(path, kubeconfigText(server, credentials, more), { mode: 0o600 })
    return path
  }
  writeFileSync(join(folder, files.kubeconfig), kubeconfigText(server, admin), { mode: 0o600 })

  const ready: Readonly<Record<ComponentName, () => Promise<boolean>>> = {
    etcd: etcdReady,
    apiserver: async () =>
      (await client.request('GET', '/readyz', undefined, { timeoutMs: 5000 })).status === 200,
    // It is healthy from the first moment, and lists the controllers when they have started.
    controllerManager: async () => {
      const health = `https://${address}:${ports.controllerManager}/healthz?verbose`
      return (await answer(health, authority.cert))?.includes('garbage') ?? false
    },
  }
  await run('apiserver', ready.apiserver)
  await client.applyManifests(options.manifests ?? [])
  await run('controllerManager', ready.controllerManager)

  const processOf = (component: ComponentName): LabProcess => {
    const process = processes.get(component)
    if (process === undefined) throw new Error(`${component} was never started`)
    return process
  }
  return {
    ...client,
    folder,
    url,
    ca: authority.cert,
    admin,
    issueClientCert,
    kubeconfig,
    logFile: component => processOf(component).logFile,
    pid: component => (processOf(component).alive() ? processOf(component).pid : undefined),
    kill: (component, signal = 'SIGKILL') => processOf(component).kill(signal),
    restart: async component => {
      await processOf(component).kill('SIGKILL')
      await run(component, ready[component])
      // The API server notices a moment later that etcd is back.
      if (component === 'etcd' && processOf('apiserver').alive())
        await waitFor(ready.apiserver, { what: 'kube-apiserver to find etcd again', timeoutMs: 60_000 })
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** The body of a GET, where the status is a good one. */
const answer = async (url: string, ca?: string): Promise<string | undefined> => {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(5000),
    ...(ca === undefined ? {} : { tls: { ca } }),
  })
  return response.ok ? response.text() : undefined
}

/** Bun sends requests for addresses of this machine to a proxy too, where the environment names one. */
const bypassProxy = (address: string): void => {
  const now = process.env.NO_PROXY ?? process.env.no_proxy ?? ''
  if (!now.split(',').includes(address))
    process.env.NO_PROXY = process.env.no_proxy = now === '' ? address : `${now},${address}`
}
