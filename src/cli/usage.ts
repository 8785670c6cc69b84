import { UserError } from '../lib/errors.ts'

export const program = 'srouter'

/** `srouter failover start` */
export const lineOf = (words: readonly string[]): string => [program, ...words].join(' ')

/** Adds where to read how it should have been written. */
export const withHelpPointer = (thrown: unknown, words: readonly string[]): unknown => {
  if (!(thrown instanceof UserError)) return thrown
  const pointer = `see "${lineOf([...words, '--help'])}"`
  return new UserError(
    thrown.exit,
    thrown.message,
    thrown.hint === undefined ? pointer : `${thrown.hint} (${pointer})`,
  )
}

/** `text`, `text or json`, `text, json or yaml` */
export const oneOf = (options: readonly string[]): string =>
  options.length < 2 ? options.join() : `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`
