import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { type Ended, execute, root } from '../executable/process.ts'

export const { version } = packageJson

/** Git's and npm's own settings on this machine have no part in it. */
const environment = {
  HOME: process.env.HOME ?? '/',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  ...Object.fromEntries(
    ['SROUTER_CACHE', 'XDG_CACHE_HOME', 'TMPDIR'].flatMap(name => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  ),
}

export interface Checkout extends Disposable {
  readonly path: string
  git(...argv: readonly string[]): Promise<string>
  /** Runs scripts/release in it. */
  release(...platforms: readonly string[]): Promise<Ended>
}

/** A repository of one commit, which is this work tree, with the tag of its version. */
export const taggedCheckout = async (): Promise<Checkout> => {
  const folder = mkdtempSync(join(tmpdir(), 'srouter-release-'))
  const checkout = checkoutIn(folder, join(folder, 'srouter'))
  cpSync(root, checkout.path, {
    recursive: true,
    filter: path => !['.git', 'node_modules', 'dist'].some(name => path === join(root, name)),
  })
  await checkout.git('init', '--quiet', '--initial-branch=main')
  installModules(checkout)
  await checkout.git('add', '--all')
  await checkout.git('commit', '--quiet', '--message=everything')
  await checkout.git('tag', `v${version}`)
  return checkout
}

/** The same commit in another folder, deeper, with packages of its own. */
export const cloneOf = async (original: Checkout): Promise<Checkout> => {
  const folder = mkdtempSync(join(tmpdir(), 'srouter-release-again-'))
  const path = join(folder, 'some', 'where', 'else')
  mkdirSync(dirname(path), { recursive: true })
  await original.git('clone', '--quiet', original.path, path)
  const checkout = checkoutIn(folder, path)
  installModules(checkout)
  return checkout
}

/** A copy, and no link: where scripts/lib.sh had npm install anew, npm would empty what a link leads to. */
const installModules = ({ path }: Checkout): void => {
  cpSync(join(root, 'node_modules'), join(path, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  utimesSync(join(path, 'package-lock.json'), 0, 0)
}

const checkoutIn = (folder: string, path: string): Checkout => ({
  path,
  git: async (...argv) => {
    mkdirSync(path, { recursive: true })
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']
    const { code, out, err } = await execute('git', [...identity, ...argv], { cwd: path, env: environment })
    if (code !== 0) throw new Error(`git ${argv.join(' ')}: ${err}`)
    return out.trim()
  },
  release: (...platforms) =>
    execute(join(path, 'scripts', 'release'), platforms, { cwd: path, env: environment }),
  [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
})
