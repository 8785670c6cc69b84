import { mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Free ports of 127.0.0.1, all different. They are below the range that systems take the ports of outgoing connections
 * from, and claimed for this process until it ends, so that a stopped API server finds its port free when it comes back:
 * tests run beside each other.
 */
export const freePorts = (count: number): number[] => {
  const found = new Set<number>()
  for (let tries = 0; found.size < count && tries < 1000; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (isFree(port) && claim(port)) found.add(port)
  }
  if (found.size < count) throw new Error('no free ports between 20000 and 32000')
  return [...found]
}

const isFree = (port: number): boolean => {
  try {
    Bun.listen({ hostname: '127.0.0.1', port, socket: { data: () => undefined } }).stop(true)
    return true
  } catch {
    return false
  }
}

const folder = join(tmpdir(), `srouter-ports-${process.getuid?.() ?? 0}`)

/** A file that only one can make; that of a process which has ended counts no more. */
const claim = (port: number): boolean => {
  const file = join(folder, String(port))
  mkdirSync(folder, { recursive: true })
  if (create(file)) return true
  if (isAlive(ownerOf(file))) return false
  try {
    unlinkSync(file)
  } catch {
    return false
  }
  return create(file) && ownerOf(file) === process.pid
}

const create = (file: string): boolean => {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

/** Undefined for a file that has just been made, and is still empty. */
const ownerOf = (file: string): number | undefined => {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined
  } catch {
    return undefined
  }
}

const isAlive = (pid: number | undefined): boolean => {
  if (pid === undefined) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
