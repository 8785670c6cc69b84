import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, withLock } from './cache.ts'
import { say } from './say.ts'

/** Programs that tests want and that come from the system's packages, as they cannot be built from Go modules. */
export interface SystemTool {
  readonly name: string
  /** By their names, or by their paths where they are on no PATH. */
  readonly programs: readonly string[]
  /** Of Debian and Ubuntu. */
  readonly packages: readonly string[]
}

export const programPath = (program: string): string | null =>
  // Daemons are where only root has its PATH.
  Bun.which(program, { PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/opt/homebrew/sbin` })

const missing = ({ programs }: SystemTool): readonly string[] =>
  programs.filter(program => programPath(program) === null)

/** What a command that needs root begins with; undefined where there is no way to be root without a question. */
const asRoot = (): readonly string[] | undefined => {
  if (process.getuid?.() === 0) return []
  if (Bun.which('sudo') === null) return undefined
  return Bun.spawnSync(['sudo', '-n', 'true']).success ? ['sudo', '-n'] : undefined
}

/**
 * In a container or in CI nobody minds. A person's machine, which has systemd, is that person's, and some packages start
 * a server there.
 */
const mayInstall = (): boolean =>
  Bun.which('apt-get') !== null &&
  asRoot() !== undefined &&
  (process.env.CI === 'true' || !existsSync('/run/systemd/system'))

/** Why the tool cannot be had here, and how to get it; undefined where it is there or can be installed. */
export const systemToolMissing = (tool: SystemTool): string | undefined => {
  const absent = missing(tool)
  if (absent.length === 0 || mayInstall()) return undefined
  const whose = absent.length === 1 && absent[0] === tool.name ? '' : ` of ${tool.name}`
  return `${absent.join(', ')}${whose} must be installed (Debian and Ubuntu: apt-get install ${tool.packages.join(' ')})`
}

/** Installs what is missing of it. One at a time, because apt-get waits for nobody. */
export const installSystemTool = async (tool: SystemTool): Promise<void> => {
  if (missing(tool).length === 0) return
  const trouble = systemToolMissing(tool)
  if (trouble !== undefined) throw new Error(trouble)
  mkdirSync(cacheFolder(), { recursive: true })
  await withLock(join(cacheFolder(), 'packages.lock'), async () => {
    if (missing(tool).length === 0) return
    say(`installing ${tool.packages.join(' and ')}, once for this machine …`)
    await apt(['update', '-qq'])
    await apt(['install', '-y', '-qq', '--no-install-recommends', ...tool.packages])
  })
  const still = missing(tool)
  if (still.length > 0)
    throw new Error(`${tool.packages.join(' and ')} are installed and have no ${still[0]}`)
}

const apt = async (args: readonly string[]): Promise<void> => {
  const child = Bun.spawn(
    [
      ...(asRoot() ?? []),
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-o',
      'DPkg::Lock::Timeout=300',
      ...args,
    ],
    { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
  )
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  if (code !== 0) throw new Error(`apt-get ${args[0]} ended with ${code}:\n${(err || out).trimEnd()}`)
}
