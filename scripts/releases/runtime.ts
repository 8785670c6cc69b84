import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { lockedPackage, readLock } from './lock.ts'

/**
 * Prints the path of the bun of another platform, for an executable to be made of: `runtime.ts PACKAGE FOLDER` unpacks it
 * into FOLDER. npm installs only the one for this machine, and bun's own download checks nothing; here it is the tarball
 * that package-lock.json names, and its checksum is compared each time.
 */
const main = ([name, folder]: readonly string[]): string => {
  if (name === undefined || folder === undefined) throw new Error('runtime.ts PACKAGE FOLDER')
  const { version, integrity } = lockedPackage(readLock(), name)
  const tarball = join(cacheFolder(), `${name.replace('/', '-').replace('@', '')}-${version}.tgz`)
  if (!existsSync(tarball) || integrityOf(tarball) !== integrity)
    download(`${name}@${version}`, integrity, tarball)
  mkdirSync(folder, { recursive: true })
  run(['tar', '-xzf', tarball, '-C', folder, 'package/bin'])
  const bin = join(folder, 'package', 'bin')
  const [program] = readdirSync(bin)
  if (program === undefined) throw new Error(`${name}@${version} has no program`)
  return join(bin, program)
}

const cacheFolder = (): string =>
  join(
    process.env.SROUTER_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'srouter'),
    'runtimes',
  )

const integrityOf = (path: string): string =>
  `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`

/** From wherever npm has its packages from; with an own cache, for npm would keep a second copy of 50 MB in its. */
const download = (spec: string, integrity: string, tarball: string): void => {
  mkdirSync(cacheFolder(), { recursive: true })
  const aside = mkdtempSync(join(cacheFolder(), 'making-'))
  try {
    console.error(`downloading ${spec}, once for this machine ...`)
    run([
      'npm',
      'pack',
      spec,
      '--pack-destination',
      aside,
      '--cache',
      join(aside, 'cache'),
      '--ignore-scripts',
    ])
    const [packed] = readdirSync(aside).filter(file => file.endsWith('.tgz'))
    if (packed === undefined) throw new Error(`npm pack ${spec} left nothing`)
    const found = integrityOf(join(aside, packed))
    if (found !== integrity)
      throw new Error(`the checksum of ${spec} is ${found}, and package-lock.json says ${integrity}`)
    renameSync(join(aside, packed), tarball)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

const run = (command: readonly string[]): void => {
  const { success, stderr } = Bun.spawnSync([...command], { stdout: 'ignore', stderr: 'pipe' })
  if (!success) throw new Error(`${command.join(' ')} failed:\n${stderr.toString().trimEnd()}`)
}

try {
  console.log(main(process.argv.slice(2)))
} catch (thrown) {
  console.error(`scripts/release: ${(thrown as Error).message}`)
  process.exit(1)
}
