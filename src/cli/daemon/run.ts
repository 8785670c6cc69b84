import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { defaultNamespace, leaseName } from '../../api/leases.ts'
import { metricsGate } from '../../daemon/authorise.ts'
import { startCollector } from '../../daemon/collector.ts'
import { type Daemon, startDaemon } from '../../daemon/daemon.ts'
import {
  type Address,
  healthRoutes,
  parseAddress,
  type Served,
  type Serving,
  serve,
  type TLSFiles,
} from '../../daemon/http.ts'
import { createMetrics, type Metrics } from '../../daemon/metrics.ts'
import { connect, type KubeClient } from '../../kube/index.ts'
import { parseDuration } from '../../lib/duration.ts'
import { type ExitCode, exitCode, messageOf, UserError, usageError } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import { buildInfo } from '../build-info.ts'
import type { Context } from '../context.ts'
import { runOnce } from './once.ts'
import { keepHeapSmall } from './small-heap.ts'

export interface RunArgs {
  readonly interval: string
  readonly once: boolean
  readonly leaderElect: 'auto' | 'true' | 'false'
  readonly leaseNamespace: string | undefined
  readonly metricsBindAddress: string
  readonly metricsSecure: boolean
  readonly metricsCertFile: string | undefined
  readonly metricsKeyFile: string | undefined
  readonly healthProbeBindAddress: string
  readonly allowDeletes: number | undefined
  readonly concurrency: number
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
  readonly defaultGatewayNamespace: string
}

/** Everything around the daemon: the client, the servers, the lease and the way out. */
export const runDaemon = async (context: Context, args: RunArgs): Promise<ExitCode> => {
  const { log, signal } = context
  const intervalMs = parseDuration(args.interval, '--interval')
  if (intervalMs < 1_000) throw usageError('--interval is less than a second', 'give it as 30s or 5m')
  const metricsAt = parseAddress(args.metricsBindAddress, '--metrics-bind-address')
  const healthAt = parseAddress(args.healthProbeBindAddress, '--health-probe-bind-address')
  const tls = tlsFiles(args)
  if (args.once) return runOnce(context, args)
  keepHeapSmall()

  const metrics = createMetrics(buildInfo)
  const client = metrics.measured(
    connect({ kubeconfig: args.kubeconfig, context: args.context, concurrency: args.concurrency }),
  )
  log.info('Starting', { version: buildInfo.version, commit: buildInfo.commit, server: client.target.server })
  // The servers first: where one cannot listen, nothing has begun yet.
  let daemon: Daemon | undefined
  const collector = startCollector()
  const starting = (): string => 'starting'
  const servers: Served[] = []
  try {
    listen(servers, log, 'metrics', metricsAt, {
      routes: metricsRoutes(metrics),
      ...(args.metricsSecure ? { gate: metricsGate(client) } : {}),
      ...(tls === undefined ? {} : { tls }),
    })
    listen(servers, log, 'health', healthAt, {
      routes: healthRoutes({
        unhealthy: () => daemon?.unhealthy(),
        unready: () => (daemon?.unready ?? starting)(),
      }),
    })
    daemon = startDaemon({
      client,
      log,
      metrics,
      settings: {
        defaultGatewayNamespace: args.defaultGatewayNamespace,
        adopt: [],
        allowDeletes: args.allowDeletes,
      },
      intervalMs,
      makeRoom: collector.look,
      lease: leaseFor(args, client),
      signal,
    })
    await daemon.ended
  } finally {
    collector.stop()
    await Promise.all(servers.map(served => served.stop()))
    client.close()
  }
  log.info('Stopped')
  return exitCode.ok
}

const metricsRoutes = ({ registry }: Metrics) => ({
  '/metrics': async () =>
    new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }),
})

const listen = (
  servers: Served[],
  log: Log,
  what: 'metrics' | 'health',
  address: Address | undefined,
  serving: Serving,
): void => {
  if (address === undefined) return
  try {
    const served = serve(address, serving)
    servers.push(served)
    log.info('Listening', { what, port: served.port })
  } catch (error) {
    throw new UserError(
      exitCode.usage,
      `cannot serve ${what} at port ${address.port}: ${messageOf(error)}`,
      `give another address with --${what === 'metrics' ? 'metrics' : 'health-probe'}-bind-address`,
    )
  }
}

const tlsFiles = ({ metricsCertFile: certFile, metricsKeyFile: keyFile }: RunArgs): TLSFiles | undefined => {
  if (certFile === undefined && keyFile === undefined) return undefined
  if (certFile === undefined || keyFile === undefined)
    throw usageError('--metrics-cert-file and --metrics-key-file belong together', 'give both, or neither')
  return { certFile, keyFile }
}

const leaseFor = (args: RunArgs, client: KubeClient) => {
  const inPod =
    client.target.user.tokenFile !== undefined && process.env.KUBERNETES_SERVICE_HOST !== undefined
  if (args.leaderElect === 'false' || (args.leaderElect === 'auto' && !inPod)) return undefined
  const namespace = args.leaseNamespace ?? client.target.namespace ?? defaultNamespace
  return { namespace, name: leaseName, identity: `${hostname()}_${randomUUID()}` }
}
