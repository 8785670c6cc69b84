import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The least that reading manifests takes: every document of every file in a folder, parsed and kept. */
const [folder = '.'] = process.argv.slice(2)
const kept: unknown[] = []
for (const file of readdirSync(folder).sort())
  for (const document of readFileSync(join(folder, file), 'utf8').split('\n---\n'))
    kept.push(Bun.YAML.parse(document))
console.log(kept.length)
