import type { CommandTable } from '../../definition.ts'

export const completion: CommandTable = {
  bash: {
    summary: 'For bash.',
    load: async () => (await import('./completion.ts')).completionOf('bash'),
  },
  zsh: {
    summary: 'For zsh.',
    load: async () => (await import('./completion.ts')).completionOf('zsh'),
  },
  fish: {
    summary: 'For fish.',
    load: async () => (await import('./completion.ts')).completionOf('fish'),
  },
}
