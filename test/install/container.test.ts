import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { printed, the } from './support.ts'

const root = join(import.meta.dirname, '../..')
const lines = readFileSync(join(root, 'Containerfile'), 'utf8').split('\n')
const arguments_ = (instruction: string): readonly string[] =>
  lines.filter(line => line.startsWith(`${instruction} `)).map(line => line.slice(instruction.length + 1))

test('the image runs as the user that the Deployment names', async () => {
  const { template } = the(await printed(), 'Deployment').spec as {
    template: { spec: { securityContext: { runAsUser: number; runAsGroup: number } } }
  }
  const { runAsUser, runAsGroup } = template.spec.securityContext
  expect(arguments_('USER')).toEqual([`${runAsUser}:${runAsGroup}`])
})

test('it starts what was copied, so that the Deployment only gives arguments', () => {
  const [copied = ''] = arguments_('COPY')
  const [source, target] = copied.split(' ')
  expect(arguments_('ENTRYPOINT')).toEqual([JSON.stringify([target])])
  // Nothing else gets into the context of the build.
  const ignored = readFileSync(join(root, '.containerignore'), 'utf8').trim().split('\n')
  expect(ignored).toEqual(['*', `!${source}`])
})
