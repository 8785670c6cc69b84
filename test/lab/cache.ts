import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { recipeVersion } from './pins.ts'
import { isAlive } from './process.ts'
import { say, seconds } from './say.ts'
import { waitFor } from './wait.ts'

/** Something that takes long to make and is then kept: one executable, or a few files. */
export interface Artifact {
  readonly name: string
  readonly version: string
  /** The least Go that makes it. */
  readonly go: string
  /** Fills an empty folder. */
  readonly make: (folder: string) => Promise<void>
}

export const cacheFolder = (): string =>
  join(
    process.env.SROUTER_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'srouter'),
    'lab',
  )

/** The folder says everything that its content depends on, so nothing in it ever has to be refreshed. */
export const folderOf = ({ name, version }: Artifact): string => {
  const parts = [recipeVersion, name, version, process.platform, process.arch]
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)
  return join(cacheFolder(), `${name}-${version}-${key}`)
}

export const isCached = (artifact: Artifact): boolean => existsSync(folderOf(artifact))

/**
 * The artifact's folder, made first where it is missing. It appears whole or not at all: it is made in a temporary
 * folder beside and renamed. One is made at a time, because each takes all the cores there are.
 */
export const obtain = async (artifact: Artifact): Promise<string> => {
  const folder = folderOf(artifact)
  if (isCached(artifact)) return folder
  await mkdir(cacheFolder(), { recursive: true })
  await withLock(join(cacheFolder(), 'build.lock'), async () => {
    if (isCached(artifact)) return
    const started = performance.now()
    say(`making ${artifact.name} ${artifact.version}, once for all runs …`)
    const temporary = await mkdtemp(join(cacheFolder(), 'making-'))
    try {
      await artifact.make(temporary)
      await rename(temporary, folder)
    } finally {
      await rm(temporary, { recursive: true, force: true })
    }
    say(`made ${artifact.name} ${artifact.version} in ${seconds(performance.now() - started)}`)
  })
  return folder
}

/**
 * Runs `work` while no other process of this machine does. The file holds the owner's pid, so that a lock whose owner
 * died is taken over. Two processes that take over at the same moment may both get it; since artifacts are renamed
 * into place, that costs time and nothing else.
 */
export const withLock = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
  let told = false
  await waitFor(
    async () => {
      if (await create(path)) return true
      const owner = Number(await readFile(path, 'utf8').catch(() => ''))
      // An empty file belongs to someone who is about to write the pid; a whole second later it does not.
      if (owner !== 0 && !isAlive(owner)) await rm(path, { force: true })
      else if (!told && owner !== 0) {
        told = true
        say(`waiting for process ${owner}, which holds ${path}`)
      }
      return false
    },
    { timeoutMs: 60 * 60_000, everyMs: 250, what: `the lock ${path}` },
  )
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

const create = async (path: string): Promise<boolean> => {
  try {
    const file = await open(path, 'wx')
    await file.writeFile(String(process.pid))
    await file.close()
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw thrown
  }
}
