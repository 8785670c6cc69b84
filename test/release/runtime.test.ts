import { expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import packageLock from '../../package-lock.json' with { type: 'json' }
import { type Ended, execute, root } from '../executable/process.ts'

/** A runtime becomes a part of every executable, so one that is not what package-lock.json names must not get in. */

const name = '@oven/bun-linux-x64-musl'
const { version, integrity } = packageLock.packages[`node_modules/${name}`]

interface Attempt extends Ended {
  readonly cached: readonly string[]
  readonly unpacked: boolean
}

/** With a registry that gives `tarball`, and a cache that has `cached`. */
const attempt = async (given: { readonly cached?: string; readonly tarball: string }): Promise<Attempt> => {
  const folder = mkdtempSync(join(tmpdir(), 'srouter-runtime-'))
  try {
    const cache = join(folder, 'runtimes')
    mkdirSync(cache)
    if (given.cached !== undefined)
      writeFileSync(join(cache, `oven-bun-linux-x64-musl-${version}.tgz`), given.cached)
    writeFileSync(join(folder, 'npm'), `#!/bin/sh\nprintf ${given.tarball} >"$4/x.tgz"\n`)
    chmodSync(join(folder, 'npm'), 0o755)
    const bun = join(root, 'node_modules', '.bin', 'bun')
    const env = { PATH: `${folder}:${process.env.PATH ?? ''}`, SROUTER_CACHE: folder }
    const out = join(folder, 'unpacked')
    const ended = await execute(bun, ['scripts/releases/runtime.ts', name, out], { env })
    return { ...ended, cached: readdirSync(cache), unpacked: existsSync(out) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('one with another checksum is refused, and not kept', async () => {
  const { code, out, err, cached, unpacked } = await attempt({ tarball: 'tampered' })
  expect([code, out, cached, unpacked]).toEqual([1, '', [], false])
  expect(err).toContain(`the checksum of ${name}@${version} is sha512-`)
  expect(err).toContain(`package-lock.json says ${integrity}`)
})

test('what is kept is compared again, each time', async () => {
  const { code, err, unpacked } = await attempt({ cached: 'spoilt', tarball: 'tampered' })
  expect([code, unpacked]).toEqual([1, false])
  expect(err).toContain(`downloading ${name}@${version}`)
})
