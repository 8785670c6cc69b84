import { exitCode } from '../lib/errors.ts'

export type ExitName = keyof typeof exitCode

/** What each exit code means, in the order in which they count. */
export const exitMeaning: Record<ExitName, string> = {
  interrupted: 'interrupted, or the question was answered no',
  usage: 'the command line is wrong; nothing was done',
  unreachable: 'the cluster cannot be reached or forbids it, or no usable kubeconfig',
  invalidInput:
    'a file cannot be read or has error findings, a chain is broken, or the set-up has errors; also an internal error',
  stalePlan: 'the saved plan is stale or was edited',
  partlyApplied: 'partly applied',
  held: 'the brake held deletions back; all else was done',
  timedOut: '--timeout ran out',
  changes: 'there are changes (only with --detailed-exitcode)',
  ok: 'all is well',
}

/** `names` as code and meaning, the smallest code first. */
export const exitRows = (names: Iterable<ExitName>): readonly (readonly [string, string])[] =>
  [...new Set(names)]
    .sort((a, b) => exitCode[a] - exitCode[b])
    .map(name => [String(exitCode[name]), exitMeaning[name]] as const)
