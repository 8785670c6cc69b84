import { rmSync } from 'node:fs'
import { endRecorded } from './process.ts'

/**
 * `bun watchdog.ts FOLDER`: when the process that started it is gone, ends the processes recorded in FOLDER and removes
 * it. It notices by its stdin, a pipe whose other end only that process has: so it works after `kill -9` as well, and
 * after `bun test`, which runs no exit handlers.
 */
const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: watchdog.ts FOLDER')
await Bun.stdin.text()
await endRecorded(folder)
rmSync(folder, { recursive: true, force: true })
