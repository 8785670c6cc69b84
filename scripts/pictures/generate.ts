import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { picturePath, planPicture } from './plan.ts'

const root = join(import.meta.dirname, '../..')

await writeFile(join(root, picturePath), await planPicture(root, join(root, 'dist', 'srouter')))
