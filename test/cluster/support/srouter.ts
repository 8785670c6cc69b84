import { type ResourceRef, shortName } from '../../../src/api/object.ts'
import type { ObjectChange } from '../../../src/engine/change.ts'
import type { Plan } from '../../../src/engine/plan.ts'
import { type Ended, execute, type How, srouter } from '../../executable/process.ts'
import type { Credentials } from '../../lab/client.ts'
import type { ControlPlane } from '../../lab/cluster.ts'

/** The plan as JSON has it. */
export interface PlanDocument extends Omit<Plan, 'objects'> {
  readonly applyable: boolean
  readonly objects: readonly (Omit<ObjectChange, 'ref'> & ResourceRef)[]
}

/** `update DNSEndpoint app/api-external-dns-weu: labels differ`, unchanged ones left out. */
export const touched = ({ objects }: PlanDocument): readonly string[] =>
  objects
    .filter(({ action }) => action !== 'unchanged')
    .map(change => `${change.action} ${change.kind} ${shortName(change)}: ${change.reason}`)

export interface Planned {
  readonly code: number
  readonly err: string
  readonly plan: PlanDocument
}

/** The compiled executable with a kubeconfig of this control plane. */
export interface Srouter {
  readonly kubeconfig: string
  run(argv: readonly string[], how?: How): Promise<Ended>
  /** `plan -o json --detailed-exitcode` */
  plan(...flags: readonly string[]): Promise<Planned>
  /** `apply --auto-approve` */
  apply(...flags: readonly string[]): Promise<Ended>
  /** Begins a command, for what is done to it while it runs. */
  start(argv: readonly string[]): Running
}

export interface Running {
  readonly ended: Promise<Ended & { readonly seconds: number }>
  readonly kill: (signal: NodeJS.Signals) => void
}

export const srouterOn = (plane: ControlPlane, credentials?: Credentials): Srouter =>
  srouterWith(plane.kubeconfig(credentials))

export const srouterWith = (kubeconfig: string): Srouter => {
  const run: Srouter['run'] = (argv, how) => execute(srouter(), [...argv, '--kubeconfig', kubeconfig], how)
  return {
    kubeconfig,
    run,
    plan: async (...flags) => {
      const { code, out, err } = await run(['plan', '-o', 'json', '--detailed-exitcode', ...flags])
      if (out === '') throw new Error(`no plan, exit ${code}: ${err}`)
      return { code, err, plan: JSON.parse(out) as PlanDocument }
    },
    apply: (...flags) => run(['apply', '--auto-approve', ...flags]),
    start: argv => start([...argv, '--kubeconfig', kubeconfig]),
  }
}

const start = (argv: readonly string[]): Running => {
  const began = performance.now()
  const child = Bun.spawn([srouter(), ...argv], {
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const all = Promise.all([child.exited, child.stdout.text(), child.stderr.text()])
  return {
    ended: all.then(([code, out, err]) => ({ code, out, err, seconds: (performance.now() - began) / 1000 })),
    kill: signal => child.kill(signal),
  }
}
