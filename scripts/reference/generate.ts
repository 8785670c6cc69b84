import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { referencePages } from './pages.ts'

const folder = join(import.meta.dirname, '../../docs/reference')

await mkdir(folder, { recursive: true })
for (const [name, text] of await referencePages()) await writeFile(join(folder, name), text)
