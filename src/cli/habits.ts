/**
 * What people type who know kubectl, helm or terraform, where the spelling is too far from ours to be suggested for
 * its letters. Each row counts only where what it leads to is there.
 *
 * | typed          | hint                                 |
 * | -------------- | ------------------------------------ |
 * | srouter diff   | did you mean "srouter plan"?         |
 * | apply --yes    | did you mean "--auto-approve"?       |
 * | status -A      | no flag is needed: all namespaces …  |
 */
const commandHabits: readonly (readonly [typed: readonly string[], ours: string])[] = [
  [['get', 'describe', 'list', 'ls'], 'status'],
  [['diff', 'preview'], 'plan'],
  [['lint', 'check', 'verify'], 'validate'],
  [['template', 'build'], 'render'],
  [['explain', 'trace', 'debug'], 'why'],
  [['stop', 'finish'], 'end'],
  [['begin', 'engage'], 'start'],
]

/** The command that `typed` most likely stands for, of those in `there`. */
export const commandMeant = (typed: string, there: readonly string[]): string | undefined =>
  commandHabits.find(([words, ours]) => words.includes(typed) && there.includes(ours))?.[1]

const flagHabits: readonly (readonly [typed: RegExp, needs: string, hint: string])[] = [
  [/^(-y|--yes|--assume-yes)$/, '--auto-approve', 'did you mean "--auto-approve"?'],
  [/^--dry-run$/, '--auto-approve', '"srouter plan" shows what would be done, and writes nothing'],
  [
    /^(-A|--all-namespaces)$/,
    '--namespace',
    'no flag is needed: all namespaces are looked at unless -n names one',
  ],
  [/^(-R|--recursive)$/, '--file', 'no flag is needed: -f takes a folder with all below it'],
  [/^(-k|--kustomize)$/, '--file', 'let kustomize print it: kustomize build FOLDER | srouter … -f -'],
  [
    /^(-v[=0-9]*|-V|--verbose)$/,
    '--log-level',
    '--log-level debug says more, "srouter version" which version this is',
  ],
]

/** What to do instead of the unknown flag `typed`, with the flags that are `there`. */
export const flagAdvice = (typed: string, there: { has(name: string): boolean }): string | undefined =>
  flagHabits.find(([words, needs]) => words.test(typed) && there.has(needs))?.[2]
