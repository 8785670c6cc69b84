import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { charts } from './charts.ts'

const folder = join(import.meta.dirname, '../../charts')

for (const [path, text] of charts) {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}
