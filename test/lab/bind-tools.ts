import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, withLock } from './cache.ts'
import { say } from './say.ts'

/** BIND is the one part of the lab that is not built from Go modules: it comes from the system's packages. */
const programs = ['named', 'dig', 'nsupdate'] as const
type Program = (typeof programs)[number]

const packages = ['bind9', 'bind9-dnsutils'] as const

const pathOf = (program: Program): string | null =>
  // Daemons are where only root has its PATH.
  Bun.which(program, { PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/opt/homebrew/sbin` })

const missing = (): readonly Program[] => programs.filter(program => pathOf(program) === null)

/** What a command that needs root begins with; undefined where there is no way to be root without a question. */
const asRoot = (): readonly string[] | undefined => {
  if (process.getuid?.() === 0) return []
  if (Bun.which('sudo') === null) return undefined
  return Bun.spawnSync(['sudo', '-n', 'true']).success ? ['sudo', '-n'] : undefined
}

/**
 * Debian's package starts a name server on port 53 where systemd runs. In a container or in CI nobody minds; on a
 * person's machine that is for the person to decide.
 */
const mayInstall = (): boolean =>
  Bun.which('apt-get') !== null &&
  asRoot() !== undefined &&
  (process.env.CI === 'true' || !existsSync('/run/systemd/system'))

/** Why there can be no BIND here, and how to get it; undefined where it is there or can be installed. */
export const bindMissing = (): string | undefined => {
  const absent = missing()
  if (absent.length === 0 || mayInstall()) return undefined
  return `${absent.join(', ')} of BIND 9 must be installed (Debian and Ubuntu: apt-get install ${packages.join(' ')})`
}

/** Installs BIND where it is missing. One at a time, because apt-get waits for nobody. */
export const installBind = async (): Promise<void> => {
  if (missing().length === 0) return
  const trouble = bindMissing()
  if (trouble !== undefined) throw new Error(trouble)
  mkdirSync(cacheFolder(), { recursive: true })
  await withLock(join(cacheFolder(), 'bind.lock'), async () => {
    if (missing().length === 0) return
    say(`installing ${packages.join(' and ')}, once for this machine …`)
    await apt(['update', '-qq'])
    await apt(['install', '-y', '-qq', '--no-install-recommends', ...packages])
  })
}

/** The path of the program. */
export const bindProgram = async (program: Program): Promise<string> => {
  await installBind()
  const path = pathOf(program)
  if (path === null) throw new Error(`${packages.join(' and ')} are installed and there is no ${program}`)
  return path
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
