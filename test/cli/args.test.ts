import { describe, expect, test } from 'bun:test'
import { bind } from '../../src/cli/bind.ts'
import { type Args, defineCommand } from '../../src/cli/definition.ts'
import { globalFlags } from '../../src/cli/globals.ts'
import { flagsByName } from '../../src/cli/names.ts'
import { scan } from '../../src/cli/scan.ts'
import { exitCode, UserError } from '../../src/lib/errors.ts'

const flags = {
  file: {
    type: 'string',
    valueHint: 'PATH',
    alias: ['f', 'filename'],
    repeatable: true,
    description: 'Files.',
  },
  namespace: { type: 'string', valueHint: 'NS', alias: ['n'], description: 'Namespace.' },
  onlyFiles: { type: 'boolean', description: 'Only files.' },
  strict: { type: 'boolean', alias: ['s'], description: 'Strict.' },
  concurrency: { type: 'integer', valueHint: 'N', least: 1, description: 'At a time.' },
  allowDeletes: { type: 'integer', valueHint: 'N', description: 'How many.' },
  output: {
    type: 'enum',
    valueHint: 'FORMAT',
    alias: ['o'],
    options: ['text', 'json', 'yaml'],
    default: 'text',
    description: 'Format.',
  },
} as const

const positionals = {
  planFile: { type: 'positional', valueHint: 'PLANFILE', description: 'A plan.' },
} as const

const words = (line: string): readonly string[] => line.split(' ').filter(word => word !== '')

const read = (argv: readonly string[]) => {
  const all = { ...globalFlags, ...flags }
  return bind(scan(argv, flagsByName(all)), all, positionals)
}

const nothing = {
  file: [],
  namespace: undefined,
  onlyFiles: false,
  strict: false,
  concurrency: undefined,
  allowDeletes: undefined,
  output: 'text',
  planFile: undefined,
  kubeconfig: undefined,
  context: undefined,
  defaultGatewayNamespace: 'istio-system',
  logLevel: 'info',
  logFormat: 'text',
  quiet: false,
  color: true,
  help: false,
}

describe('accepted', () => {
  const rows: readonly (readonly [argv: string, expected: Record<string, unknown>])[] = [
    ['', {}],
    ['-f a', { file: ['a'] }],
    ['-f a -f b', { file: ['a', 'b'] }],
    ['-f b --file a --filename=c', { file: ['b', 'a', 'c'] }],
    ['-f -', { file: ['-'] }],
    ['-fa', { file: ['a'] }],
    ['-f=a', { file: ['a'] }],
    ['--file=-a', { file: ['-a'] }],
    ['--file=a=b', { file: ['a=b'] }],
    ['-n app1 --only-files', { namespace: 'app1', onlyFiles: true }],
    ['--namespace=app1', { namespace: 'app1' }],
    ['-sqn app1', { strict: true, quiet: true, namespace: 'app1' }],
    ['-ojson', { output: 'json' }],
    ['-o yaml', { output: 'yaml' }],
    ['--allow-deletes 12', { allowDeletes: 12 }],
    ['--allow-deletes=0', { allowDeletes: 0 }],
    ['--no-color', { color: false }],
    ['--default-router-gateway-namespace gw', { defaultGatewayNamespace: 'gw' }],
    ['saved.plan', { planFile: 'saved.plan' }],
    ['-', { planFile: '-' }],
    ['saved.plan -s', { planFile: 'saved.plan', strict: true }],
    ['-s saved.plan', { planFile: 'saved.plan', strict: true }],
    ['-s -- --odd', { planFile: '--odd', strict: true }],
    ['--', {}],
  ]
  test.each(rows)('%p', (argv, expected) => {
    expect(read(words(argv))).toEqual({ ...nothing, ...expected })
  })
})

describe('refused', () => {
  const rows: readonly (readonly [argv: string | readonly string[], message: string, hint?: string])[] = [
    ['--strct', 'unknown flag "--strct"', 'did you mean "--strict"?'],
    ['--colour', 'unknown flag "--colour"'],
    ['--color', 'unknown flag "--color"'],
    ['--no-strict', 'unknown flag "--no-strict"', 'did you mean "--strict"?'],
    ['--onlyFiles', 'unknown flag "--onlyFiles"', 'did you mean "--only-files"?'],
    ['--__proto__', 'unknown flag "--__proto__"'],
    ['-x', 'unknown flag "-x"'],
    ['-N a', 'unknown flag "-N"', 'did you mean "-n"?'],
    ['-only-files', 'unknown flag "-only-files"', 'did you mean "--only-files"?'],
    ['-sx', 'unknown flag "-x"'],
    ['-f', 'flag "-f" needs a value: -f PATH'],
    ['-f --', 'flag "-f" needs a value: -f PATH'],
    [
      '-f --strict',
      'flag "-f" needs a value: -f PATH',
      'for a value that begins with a hyphen write "-f=--strict"',
    ],
    [['-f', ''], 'flag "-f" has an empty value'],
    ['--file=', 'flag "--file" has an empty value'],
    ['-f=', 'flag "-f" has an empty value'],
    [['--context', ''], 'flag "--context" has an empty value'],
    ['--strict=true', 'flag "--strict" takes no value'],
    ['-s=true', 'flag "-s" takes no value'],
    ['-n a -n a', 'flag "-n" was given twice'],
    ['-n a --namespace b', 'flags "-n" and "--namespace" are the same, and may be given only once'],
    ['-q -q', 'flag "-q" was given twice'],
    ['-o jsn', 'flag "-o" takes text, json or yaml, not "jsn"', 'did you mean "json"?'],
    ['-o JSON', 'flag "-o" takes text, json or yaml, not "JSON"', 'did you mean "json"?'],
    ['--allow-deletes x', 'flag "--allow-deletes" takes a whole number, not "x"'],
    ['--allow-deletes 1.5', 'flag "--allow-deletes" takes a whole number, not "1.5"'],
    ['--allow-deletes=-1', 'flag "--allow-deletes" takes a whole number, not "-1"'],
    ['--allow-deletes 1e3', 'flag "--allow-deletes" takes a whole number, not "1e3"'],
    [
      '--allow-deletes 9007199254740993',
      'flag "--allow-deletes" takes a whole number, not "9007199254740993"',
    ],
    ['--concurrency 0', 'flag "--concurrency" takes 1 or more, not "0"'],
    ['-A', 'unknown flag "-A"', 'no flag is needed: all namespaces are looked at unless -n names one'],
    ['--recursive', 'unknown flag "--recursive"', 'no flag is needed: -f takes a folder with all below it'],
    ['-k .', 'unknown flag "-k"', 'let kustomize print it: kustomize build FOLDER | srouter … -f -'],
    ['-v=6', 'unknown flag "-v=6"', '--log-level debug says more, "srouter version" which version this is'],
    ['--yes', 'unknown flag "--yes"'],
    ['a b', 'unexpected argument "b"', 'did you mean "-f b"?'],
    [[''], 'argument PLANFILE is empty'],
  ]
  for (const [line, message, hint] of rows) {
    const argv = typeof line === 'string' ? words(line) : line
    test(JSON.stringify(argv), () => {
      const error = refusal(() => read(argv))
      expect([error.exit, error.message, error.hint]).toEqual([exitCode.usage, message, hint])
    })
  }
})

test('required flags and positionals', () => {
  const required = { file: { ...flags.file, required: true } } as const
  const named = { host: { type: 'positional', valueHint: 'HOST', required: true, description: '' } } as const
  const names = flagsByName(required)
  expect(refusal(() => bind(scan([], names), required, {})).message).toBe('missing flag -f PATH')
  expect(refusal(() => bind(scan([], names), {}, named)).message).toBe('missing argument HOST')
  expect(bind(scan(['-f', 'a', 'h'], names), required, named)).toEqual({ file: ['a'], host: 'h' })
})

test('a variadic positional takes all that is left', () => {
  const all = {
    first: { type: 'positional', valueHint: 'A', required: true, description: '' },
    rest: { type: 'positional', valueHint: 'B', variadic: true, description: '' },
  } as const
  expect(bind(scan(['a', 'b', 'c'], new Map()), {}, all)).toEqual({ first: 'a', rest: ['b', 'c'] })
  expect(bind(scan(['a'], new Map()), {}, all)).toEqual({ first: 'a', rest: [] })
})

test('a command gets its arguments typed', () => {
  defineCommand({
    description: [],
    flags,
    positionals,
    examples: [],
    exits: [],
    run: async (_, args) => {
      const typed: {
        readonly file: readonly string[]
        readonly namespace: string | undefined
        readonly onlyFiles: boolean
        readonly allowDeletes: number | undefined
        readonly output: 'text' | 'json' | 'yaml'
        readonly planFile: string | undefined
        readonly logLevel: 'error' | 'warn' | 'info' | 'debug'
      } = args
      // @ts-expect-error: no such flag
      return typed.namespace === args.nothing ? exitCode.ok : exitCode.held
    },
  })
  const own: Args<typeof flags, typeof positionals>['output'] = 'yaml'
  expect(own).toBe('yaml')
})

const refusal = (attempt: () => unknown): UserError => {
  try {
    attempt()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
