import { expect, test } from 'bun:test'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { parsePage, section } from '../docs/markdown.ts'
import { inFolder } from '../executable/folder.ts'
import { execute, root } from '../executable/process.ts'
import { printed, the } from '../install/support.ts'
import type { Manifest } from '../lab/client.ts'
import { documents } from '../lab/documents.ts'
import { describeLab } from '../lab/suite.ts'
import { executable } from '../lab/tools.ts'

/** What kustomize makes of a kustomization beside deploy/. */
const built = (kustomization: object): Promise<readonly Manifest[]> =>
  inFolder({ 'kustomization.yaml': stringify(kustomization) }, async folder => {
    cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true })
    const { code, out, err } = await execute(await executable('kustomize'), ['build', folder])
    expect([code, err]).toEqual([0, ''])
    return documents<Manifest>(out)
  })

const sorted = (objects: readonly Manifest[]): readonly Manifest[] =>
  objects.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)))
const nameOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`

describeLab(
  'deploy/, with kustomize',
  () => {
    test('as the documents show it, is what install prints', async () => {
      const path = 'docs/installation.md'
      const page = { path, text: readFileSync(join(root, path), 'utf8') }
      const [shown] = parsePage(path, section(page, '## With kustomize')).blocks
      const image = 'registry.example.com/srouter:0.1.0'
      expect(sorted(await built(parse(shown?.text ?? '') as object))).toEqual(
        sorted(await printed('--with-network-policy', '--image', image)),
      )
    })

    test('takes every component', async () => {
      const components = readdirSync(join(root, 'deploy/components')).map(name => `deploy/components/${name}`)
      const made = await built({ resources: ['deploy/base'], components })
      expect(made.length).toBe((await printed()).length + components.length)
      for (const kind of ['NetworkPolicy', 'ServiceMonitor', 'PrometheusRule', 'ConfigMap']) the(made, kind)
    })
  },
  'kustomize',
)
