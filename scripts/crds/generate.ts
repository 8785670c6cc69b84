import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { routerKinds } from '../../src/api/kinds.ts'
import { fileNameOf, yamlOf } from './crd.ts'

const folder = join(import.meta.dirname, '../../crds')
const files = new Map(routerKinds.map(kind => [fileNameOf(kind), yamlOf(kind)]))

await mkdir(folder, { recursive: true })
for (const name of await readdir(folder)) if (!files.has(name)) await rm(join(folder, name))
for (const [name, text] of files) await writeFile(join(folder, name), text)
