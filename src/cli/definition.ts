import type { ExitCode, exitCode } from '../lib/errors.ts'
import type { Context } from './context.ts'
import type { globalFlags } from './globals.ts'

/**
 * How a command says what it takes. The fields are citty's (type, description, alias, valueHint, required,
 * default, options); `integer`, `repeatable` and `variadic` are ours. A flag's key is camelCase and its name
 * on the command line is the same in kebab-case: `onlyFiles` is `--only-files`.
 */
export type Flag = BooleanFlag | StringFlag | IntegerFlag | EnumFlag
export type Flags = Readonly<Record<string, Flag>>

interface AnyFlag {
  readonly description: string
  /** One letter is a short name (`f` is `-f`), more are further long names. */
  readonly alias?: readonly string[]
}

/** What the shell is told of a value, so that it completes it. Those of an enum are known without. */
export type Completes = 'files' | 'contexts' | 'regionFailovers' | 'commands'

export interface BooleanFlag extends AnyFlag {
  readonly type: 'boolean'
  /** True for what is on unless switched off: `color` is then `--no-color`. */
  readonly default?: true
}

export interface StringFlag extends AnyFlag {
  readonly type: 'string'
  readonly valueHint: string
  readonly required?: true
  readonly default?: string
  readonly repeatable?: true
  /** What its value must be a legal name of. */
  readonly names?: 'namespace'
  readonly completes?: Completes
}

export interface IntegerFlag extends AnyFlag {
  readonly type: 'integer'
  readonly completes?: never
  readonly valueHint: string
  readonly required?: true
  readonly default?: number
  /** 0 without it. */
  readonly least?: number
}

export interface EnumFlag extends AnyFlag {
  readonly type: 'enum'
  readonly valueHint: string
  readonly options: readonly string[]
  readonly default?: string
}

export interface Positional {
  readonly type: 'positional'
  readonly description: string
  readonly valueHint: string
  readonly required?: true
  readonly completes?: Completes
  /** Takes all that is left; only as the last one. */
  readonly variadic?: true
}

export type Positionals = Readonly<Record<string, Positional>>

export type Value = string | number | boolean | readonly string[] | undefined
export type Values = Readonly<Record<string, Value>>

type FlagValue<F extends Flag> = F extends BooleanFlag
  ? boolean
  : F extends { readonly repeatable: true }
    ? readonly string[]
    : Plain<F> | (F extends { readonly required: true } | { readonly default: Value } ? never : undefined)

type Plain<F extends Flag> = F extends EnumFlag
  ? F['options'][number]
  : F extends IntegerFlag
    ? number
    : string

type PositionalValue<P extends Positional> = P extends { readonly variadic: true }
  ? readonly string[]
  : P extends { readonly required: true }
    ? string
    : string | undefined

/** What a command's `run` gets: its own flags, the global ones, and its positionals, each by its key. */
export type Args<F extends Flags, P extends Positionals> = {
  readonly [K in keyof F]: FlagValue<F[K]>
} & { readonly [K in Exclude<keyof GlobalFlags, keyof F>]: FlagValue<GlobalFlags[K]> } & {
  readonly [K in keyof P]: PositionalValue<P[K]>
}

type GlobalFlags = typeof globalFlags

export interface Example {
  readonly what: string
  readonly command: string
}

interface Described<F extends Flags, P extends Positionals> {
  /** What it does, in sentences. Each paragraph is one string; the layout is the help's. */
  readonly description: readonly string[]
  readonly flags: F
  readonly positionals: P
  readonly examples: readonly Example[]
  /** The exit codes that it may return, beside `interrupted` and `usage`, which any command may. */
  readonly exits: readonly (keyof typeof exitCode)[]
  /**
   * What SIGINT and SIGTERM do. `stop` (the default) ends the command at once, with 130. `finish` only aborts
   * `context.signal`: the command brings what it has begun to a good end and says itself how it ended. A
   * second signal ends that, too.
   */
  readonly onInterrupt?: 'stop' | 'finish'
  /** Every flag can be given as a variable `SROUTER_…` too: for what runs in a pod. */
  readonly fromEnvironment?: true
}

/** A command as the frame sees it, its types forgotten. Made by `defineCommand` alone. */
export interface Command extends Described<Flags, Positionals> {
  run(context: Context, values: Values): Promise<ExitCode>
}

export interface Definition<F extends Flags, P extends Positionals> extends Described<F, P> {
  run(context: Context, args: Args<F, P>): Promise<ExitCode>
}

export const defineCommand = <const F extends Flags, const P extends Positionals>(
  definition: Definition<F, P>,
): Command => ({
  ...definition,
  // `bind` has made the values from these very flags and positionals
  run: (context, values) => definition.run(context, values as Args<F, P>),
})

/**
 * A row of the command table: a command, loaded when it is needed, or a group of further ones. `summary` stands
 * here because the root's help shows it, and should not have to load everything for that.
 */
export type CommandEntry =
  | { readonly summary: string; readonly load: () => Promise<Command> }
  | { readonly summary: string; readonly commands: CommandTable }

export type CommandTable = Readonly<Record<string, CommandEntry>>
