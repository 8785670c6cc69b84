import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './process.ts'

const root = join(import.meta.dir, '../..')

/** What is measured, and what it is compared with; all compiled in the same way. */
export interface Executables {
  readonly srouter: string
  readonly hello: string
  readonly parse: string
  readonly lists: string
  readonly writes: string
}

export const prepareExecutables = async (folder: string): Promise<Executables> => {
  // A copy: somebody may build another one meanwhile.
  const srouter = join(folder, 'srouter')
  copyFileSync(join(root, 'dist/srouter'), srouter)
  const [hello, parse, lists, writes] = [
    await compile(folder, 'hello'),
    await compile(folder, 'parse'),
    await compile(folder, 'lists'),
    await compile(folder, 'writes'),
  ]
  return { srouter, hello, parse, lists, writes }
}

/** With the flags of scripts/build. */
const compile = async (folder: string, name: string): Promise<string> => {
  const output = join(folder, name)
  await run([
    process.execPath,
    'build',
    join(import.meta.dir, 'floors', `${name}.ts`),
    '--compile',
    '--minify',
    '--bytecode',
    '--format=esm',
    '--outfile',
    output,
  ])
  return output
}
