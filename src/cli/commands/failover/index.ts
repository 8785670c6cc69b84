import type { CommandTable } from '../../definition.ts'

export const failover: CommandTable = {
  start: {
    summary: 'Take the traffic of a failed cluster.',
    load: async () => (await import('./start.ts')).start,
  },
  end: {
    summary: 'Give it back.',
    load: async () => (await import('./end.ts')).end,
  },
  reclaim: {
    summary: "Take this cluster's own name back from one that is gone.",
    load: async () => (await import('./reclaim.ts')).reclaim,
  },
  status: {
    summary: 'Show who stands in for whom, and what the zones answer.',
    load: async () => (await import('./status.ts')).status,
  },
}
