import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** The fields that we read of `go mod download -json` and `go mod edit -json`. */
interface Downloaded {
  readonly Dir: string
  readonly GoMod: string
}
export interface GoMod {
  readonly Go?: string
  readonly GoDebug?: readonly { readonly Key: string; readonly Value: string }[]
  readonly Replace?: readonly {
    readonly Old: { readonly Path: string }
    readonly New: { readonly Path: string }
  }[]
}

/** Why Go `minimum` cannot be used, or undefined. */
export const goTrouble = (minimum: string): string | undefined => {
  const version = installedGo()
  if (version === undefined) return 'there is no `go` on the PATH'
  // A `go` that may fetch a newer toolchain by itself is new enough.
  const newEnough = Bun.semver.satisfies(version, `>=${minimum}`) || goEnvironment('GOTOOLCHAIN') !== 'local'
  return newEnough ? undefined : `\`go\` on the PATH is ${version}`
}

let known: { readonly version: string | undefined } | undefined

const installedGo = (): string | undefined => {
  known ??= { version: Bun.which('go') === null ? undefined : threeParts(goEnvironment('GOVERSION')) }
  return known.version
}

const goEnvironment = (name: string): string => Bun.spawnSync(['go', 'env', name]).stdout.toString().trim()

/** `go1.26.8 X:nocoverage` → `1.26.8`, `go1.27rc1` → `1.27.0`. */
const threeParts = (version: string): string => {
  const [, major = '0', minor = '0', patch = '0'] = /^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []
  return `${major}.${minor}.${patch}`
}

/** Runs `go` at a low priority, because a build takes minutes on all cores, and returns its stdout. */
export const go = async (
  folder: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<string> => {
  const polite = Bun.which('nice') === null ? [] : ['nice', '-n', '10']
  const child = Bun.spawn([...polite, 'go', ...args], {
    cwd: folder,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', ...environment },
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0)
    throw new Error(
      `go ${args.join(' ')} ended with ${code}:\n${(err || out).split('\n').slice(-20).join('\n')}`,
    )
  return out
}

export const download = async (folder: string, module: string, version: string): Promise<Downloaded> =>
  JSON.parse(await go(folder, ['mod', 'download', '-json', `${module}@${version}`])) as Downloaded

export interface Program {
  readonly module: string
  readonly version: string
  /** Of main.go; the packages must be in `module` or among what it requires. */
  readonly source: string
  /** Files of the module that belong to the program as well, by their paths there. */
  readonly copied?: readonly string[]
  readonly ldflags?: string
  readonly output: string
}

/**
 * Builds a program that wants to be built inside its own repository: as the main package of a module of ours that
 * requires it. What its go.mod replaces by a folder (Kubernetes' staging modules) is not in the downloaded module; each
 * is published as a module too, `v1.35.4` as `v0.35.4`, and replaced by that.
 */
export const build = async (folder: string, program: Program): Promise<void> => {
  const { module, version, source, copied = [], ldflags = '', output } = program
  const theirs = await download(folder, module, version)
  const goMod = JSON.parse(await go(folder, ['mod', 'edit', '-json', theirs.GoMod])) as GoMod
  await Bun.write(`${folder}/go.mod`, goModFor(module, version, goMod))
  await Bun.write(`${folder}/main.go`, source)
  for (const path of copied) await Bun.write(`${folder}/${basename(path)}`, Bun.file(join(theirs.Dir, path)))
  await go(folder, [
    'build',
    '-mod=mod',
    '-trimpath',
    '-buildvcs=false',
    '-ldflags',
    `-s -w ${ldflags}`,
    '-o',
    output,
    '.',
  ])
  for (const file of ['go.mod', 'go.sum', 'main.go', ...copied.map(path => basename(path))])
    await rm(`${folder}/${file}`)
}

/** The go and godebug lines are theirs: they decide how the program behaves, and only the main module's count. */
export const goModFor = (module: string, version: string, theirs: GoMod): string => {
  const staged = (theirs.Replace ?? []).filter(replace => replace.New.Path.startsWith('./staging/'))
  return [
    'module lab',
    `go ${theirs.Go ?? '1.21'}`,
    ...(theirs.GoDebug ?? []).map(({ Key, Value }) => `godebug ${Key}=${Value}`),
    `require ${module} ${version}`,
    ...staged.map(({ Old }) => `replace ${Old.Path} => ${Old.Path} ${version.replace(/^v1\./, 'v0.')}`),
    '',
  ].join('\n')
}
