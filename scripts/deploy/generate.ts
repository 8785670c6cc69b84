import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { deployFiles } from './files.ts'

const folder = join(import.meta.dirname, '../../deploy')

await mkdir(folder, { recursive: true })
for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name)
  if (entry.isFile() && !deployFiles.has(path.slice(folder.length + 1))) await rm(path)
}
for (const [name, text] of deployFiles) {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
