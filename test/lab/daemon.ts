import { srouter } from '../executable/process.ts'
import type { ControlPlane } from './cluster.ts'
import { here, type Place } from './place.ts'
import { type LabProcess, launch } from './process.ts'
import { waitFor } from './wait.ts'

/** Where `srouter install` puts the daemon. */
export const home = 'srouter-system'

export interface Daemon {
  readonly logFile: () => string
  start(): Promise<void>
  kill(): Promise<void>
}

/**
 * `srouter run` as the service account that `srouter install` has made there, with its rights. It ends with the control
 * plane.
 */
export const daemonOn = async (
  plane: ControlPlane,
  { place = here, flags }: { readonly place?: Place | undefined; readonly flags: readonly string[] },
): Promise<Daemon> => {
  const token = await plane.serviceAccountToken(home, 'srouter', 24 * 3600)
  const kubeconfig = plane.kubeconfig({ user: 'srouter', token }, { namespace: home })
  let process: LabProcess | undefined
  const logFile = (): string => process?.logFile ?? ''
  return {
    logFile,
    start: async () => {
      await process?.kill('SIGKILL')
      const before = process === undefined ? 0 : Bun.file(logFile()).size
      const any = `${place.control}:0`
      const command = [
        srouter(),
        ...['run', '--kubeconfig', kubeconfig, '--log-format', 'json', '--log-level', 'debug'],
        ...['--metrics-bind-address', any, '--health-probe-bind-address', any],
        ...flags,
      ]
      process = launch(plane.folder, 'srouter', place.command(command))
      const said = async () => (await Bun.file(logFile()).text()).slice(before)
      await waitFor(
        async () => {
          const [, port] = /"Listening"[^\n]*"what":"health"[^\n]*"port":(\d+)/.exec(await said()) ?? []
          return port !== undefined && (await fetch(`http://${place.control}:${port}/readyz`)).ok
        },
        { what: `the daemon to be ready (${logFile()})`, timeoutMs: 60_000 },
      )
    },
    kill: async () => {
      await process?.kill('SIGKILL')
    },
  }
}
