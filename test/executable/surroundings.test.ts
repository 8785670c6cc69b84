import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import packageJson from '../../package.json'
import { execute, executeInTerminal, srouter } from './process.ts'

const folder = mkdtempSync(join(tmpdir(), 'srouter-cwd-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An executable made by bun would obey these, unless told otherwise when it is built. */
test('the files of the folder it is started in mean nothing to it', async () => {
  writeFileSync(join(folder, '.env'), 'NO_COLOR=1\n')
  writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./preload.ts"]\n')
  writeFileSync(join(folder, 'preload.ts'), 'console.log("preloaded"); process.exit(7)\n')
  writeFileSync(join(folder, 'tsconfig.json'), 'not JSON')
  writeFileSync(join(folder, 'package.json'), 'not JSON')
  const { code, out, err } = await execute(srouter(), ['version'], { cwd: folder })
  expect([code, err]).toEqual([0, ''])
  expect(out).toStartWith('srouter ')
  const inTerminal = await executeInTerminal(srouter(), ['--help'], {}, folder)
  expect(inTerminal.out).toContain('\u001b[1m')
})

test('version', async () => {
  const { code, out, err } = await execute(srouter(), ['version', '-o', 'json'])
  expect([code, err]).toEqual([0, ''])
  const info = JSON.parse(out)
  expect(info).toEqual({
    version: packageJson.version,
    commit: expect.stringMatching(/^([0-9a-f]{12}(-dirty)?|unknown)$/),
    bun: Bun.version,
    platform: `${process.platform}-${process.arch}`,
  })
  const text = `srouter ${info.version} (commit ${info.commit}, bun ${info.bun}, ${info.platform})\n`
  expect((await execute(srouter(), ['version'])).out).toBe(text)
  expect((await execute(srouter(), ['--version'])).out).toBe(text)
})

test('a command that waits for standard input is ended by Ctrl-C', async () => {
  const validate = Bun.spawn([srouter(), 'validate', '-f', '-'], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  // it says nothing while it waits; a process that is still starting would die of the signal itself
  await Bun.sleep(1000)
  validate.kill('SIGINT')
  expect(await validate.exited).toBe(130)
  expect([await validate.stdout.text(), await validate.stderr.text()]).toEqual(['', 'interrupted\n'])
})
