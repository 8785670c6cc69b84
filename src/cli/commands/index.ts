import type { CommandTable } from '../definition.ts'
import { completion } from './completion/index.ts'
import { failover } from './failover/index.ts'

/** Every command, in the order of the help. Each is loaded only when it is asked for, so that all start fast. */
export const commands: CommandTable = {
  validate: {
    summary: 'Check resources in files, as a pull request would change them.',
    load: async () => (await import('./validate.ts')).validate,
  },
  plan: {
    summary: 'Show what would change in DNS and in the cluster.',
    load: async () => (await import('./plan.ts')).plan,
  },
  apply: {
    summary: 'Carry a plan out: show it, ask, and write it.',
    load: async () => (await import('./apply.ts')).apply,
  },
  run: {
    summary: 'Run the daemon: watch the cluster and keep its records right.',
    load: async () => (await import('./run.ts')).run,
  },
  failover: { summary: 'Let this cluster stand in for a failed one, and end that.', commands: failover },
  status: {
    summary: 'Show how many routes are well, the zones, Gateways and each route.',
    load: async () => (await import('./status.ts')).status,
  },
  why: {
    summary: 'Follow one host from its route to what each zone answers.',
    load: async () => (await import('./why.ts')).why,
  },
  gate: {
    summary: 'Hold ExternalDNS back until it contradicts nobody.',
    load: async () => (await import('./gate.ts')).gate,
  },
  doctor: {
    summary: 'Check how this cluster is set up.',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  adopt: {
    summary: 'Move the ownership of records to the split set-up of ExternalDNS.',
    load: async () => (await import('./adopt.ts')).adopt,
  },
  render: {
    summary: 'Print the objects that are derived from files.',
    load: async () => (await import('./render.ts')).render,
  },
  import: {
    summary: 'Propose resources for records that were made by hand.',
    load: async () => (await import('./import.ts')).importCommand,
  },
  install: {
    summary: 'Print what a cluster needs, for kubectl apply.',
    load: async () => (await import('./install.ts')).install,
  },
  completion: { summary: 'Print what lets a shell complete command lines.', commands: completion },
  version: {
    summary: 'Print the version of srouter.',
    load: async () => (await import('./version.ts')).version,
  },
  help: {
    summary: 'Show the help of a command.',
    load: async () => (await import('./help.ts')).help,
  },
}
