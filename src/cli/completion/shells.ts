import type { Candidates } from './candidates.ts'
import bash from './srouter.bash' with { type: 'text' }
import fish from './srouter.fish' with { type: 'text' }
import zsh from './srouter.zsh' with { type: 'text' }

/**
 * What a shell is given to complete with: a script that hands the command line on to `srouter completion SHELL LINE`, and the
 * form in which the script wants the answer. Its first line is `files` or `words`; each further one is a candidate.
 */
export interface Shell {
  readonly script: string
  readonly answer: (candidates: Candidates) => string
}

const answerIn =
  (form: (value: string, description: string) => string) =>
  (candidates: Candidates): string => {
    if (candidates === 'files') return 'files\n'
    const lines = candidates.map(({ value, description }) => form(value, firstSentence(description)))
    return ['words', ...lines].map(line => `${line}\n`).join('')
  }

/** There is one line for each. */
const firstSentence = (description: string): string => /^.*?(?=\.(?:\s|$)|$)/.exec(description)?.[0] ?? ''

export const shells = {
  bash: { script: bash, answer: answerIn(value => value) },
  zsh: {
    script: zsh,
    // _describe takes the first colon for the end of the word.
    answer: answerIn((value, description) => {
      const word = value.replaceAll(':', '\\:')
      return description === '' ? word : `${word}:${description}`
    }),
  },
  fish: {
    script: fish,
    answer: answerIn((value, description) => (description === '' ? value : `${value}\t${description}`)),
  },
} as const satisfies Readonly<Record<string, Shell>>

export type ShellName = keyof typeof shells
