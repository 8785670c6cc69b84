import { describe, expect, test } from 'bun:test'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { noRouterResources } from '../../src/source/files/index.ts'
import { briefs, keys, readPaths, readText, route, withFolder } from './support.ts'

const names = async (paths: readonly string[]): Promise<string[]> =>
  (await readPaths(paths)).objects.map(({ metadata }) => metadata.name)

describe('folders', () => {
  test('manifests at any depth, by name, and nothing else', () =>
    withFolder(
      {
        'b.yaml': route('b'),
        'a.yml': route('a'),
        'c/d/e.json': JSON.stringify(Bun.YAML.parse(route('e'))),
        '.hidden.yaml': route('hidden'),
        'f.txt': 'a: b: c',
        'g.yaml.bak': route('g'),
        '.git/h.yaml': route('h'),
        'node_modules/i.yaml': route('i'),
        'kustomization.yaml': 'resources: [a.yml]\n',
        'x/kustomization.yml': 'resources: []\n',
      },
      async folder => {
        const input = await readPaths([folder])
        expect(keys(input)).toEqual(['hidden', 'a', 'b', 'e'].map(name => `ServiceRoute app1/${name}`))
        expect(briefs(input)).toEqual([])
        expect(input.files).toBe(6)
      },
    ))

  test('the order of the paths given counts', () =>
    withFolder({ 'a.yaml': route('a'), 'b.yaml': route('b') }, async folder =>
      expect(await names([`${folder}/b.yaml`, `${folder}/a.yaml`])).toEqual(['b', 'a']),
    ))

  test('a file of any name', () =>
    withFolder({ routes: route('a') }, async folder =>
      expect(await names([`${folder}/routes`])).toEqual(['a']),
    ))

  test('no file is read twice', () =>
    withFolder({ 'a/b.yaml': route('b') }, async folder => {
      symlinkSync('a', `${folder}/link`)
      symlinkSync('b.yaml', `${folder}/a/c.yaml`)
      const input = await readPaths([
        folder,
        `${folder}/a/../a`,
        `${folder}/a/b.yaml`,
        `${folder}/link/b.yaml`,
      ])
      expect(keys(input)).toEqual(['ServiceRoute app1/b'])
      expect(briefs(input)).toEqual([])
      expect(input.files).toBe(1)
    }))

  test('links that lead around in circles', () =>
    withFolder({ 'a/b.yaml': route('b') }, async folder => {
      symlinkSync('..', `${folder}/a/up`)
      symlinkSync('self.yaml', `${folder}/self.yaml`)
      symlinkSync('self', `${folder}/self`)
      const input = await readPaths([folder])
      expect(keys(input)).toEqual(['ServiceRoute app1/b'])
      expect(input.findings.map(({ code, file }) => `${code} ${file}`)).toEqual([
        `UnreadableFile ${folder}/self.yaml`,
      ])
    }))

  test('a folder named like a manifest', () =>
    withFolder({ 'a.yaml/b.yaml': route('b') }, async folder => expect(await names([folder])).toEqual(['b'])))

  test('a path that does not exist, and what else there is', () =>
    withFolder({ 'a.yaml': route('a') }, async folder => {
      const input = await readPaths([`${folder}/nope.yaml`, `${folder}/a.yaml/b`, folder])
      expect(
        input.findings.map(({ code, severity, message, file }) => ({ code, severity, message, file })),
      ).toEqual([
        {
          code: 'UnreadableFile',
          severity: 'error',
          message: `${folder}/a.yaml/b does not exist`,
          file: `${folder}/a.yaml/b`,
        },
        {
          code: 'UnreadableFile',
          severity: 'error',
          message: `${folder}/nope.yaml does not exist`,
          file: `${folder}/nope.yaml`,
        },
      ])
      expect(keys(input)).toEqual(['ServiceRoute app1/a'])
    }))

  test('links to nowhere matter where they are named like a manifest', () =>
    withFolder({ 'a.yaml': route('a') }, async folder => {
      symlinkSync('nowhere', `${folder}/b.yaml`)
      symlinkSync('nowhere', `${folder}/README`)
      expect(briefs(await readPaths([folder]))).toEqual(['UnreadableFile'])
    }))

  test('what must not be read', () =>
    withFolder({ 'a.yaml': route('a'), 'b/c.yaml': route('c'), 'd.yaml': route('d') }, async folder => {
      // Nothing is forbidden to root.
      if (process.getuid?.() === 0) return
      chmodSync(`${folder}/b`, 0)
      chmodSync(`${folder}/d.yaml`, 0)
      const input = await readPaths([folder])
      chmodSync(`${folder}/b`, 0o700)
      expect(briefs(input)).toEqual(['UnreadableFile', 'UnreadableFile'])
      expect(keys(input)).toEqual(['ServiceRoute app1/a'])
    }))

  test('devices and pipes in a folder are not waited for', () =>
    withFolder({ 'a.yaml': route('a') }, async folder => {
      Bun.spawnSync(['mkfifo', `${folder}/b.yaml`])
      expect(briefs(await readPaths([folder, '/dev/zero']))).toEqual(['UnreadableFile', 'UnreadableFile'])
    }))

  test('a pipe that is named is read', () =>
    withFolder({ 'a.yaml': route('a') }, async folder => {
      Bun.spawnSync(['mkfifo', `${folder}/pipe`])
      const writer = Bun.spawn(['sh', '-c', `cat "${folder}/a.yaml" > "${folder}/pipe"`])
      expect(await names([`${folder}/pipe`])).toEqual(['a'])
      await writer.exited
    }))

  test('an empty folder', () =>
    withFolder({}, async folder => {
      mkdirSync(`${folder}/empty`)
      const input = await readPaths([folder])
      expect(briefs(input)).toEqual([])
      expect(noRouterResources(input)?.message).toBe('there was no file to read')
    }))

  test('the same resource in two files', () =>
    withFolder({ 'a.yaml': `# x\n${route('a')}`, 'b.yaml': route('a') }, async folder => {
      const { findings, objects } = await readPaths([folder])
      expect(findings.map(({ message, file, line }) => `${file}:${line} ${message}`)).toEqual([
        `${folder}/b.yaml:1 ServiceRoute app1/a is there already, in ${folder}/a.yaml:2`,
      ])
      expect(objects.length).toBe(1)
    }))

  test('findings are in the order of files and lines', () =>
    withFolder({ 'b.yaml': 'a: 1\n---\nb: 1\n', 'a.yaml': `x: 1\n---\n${route('A')}` }, async folder => {
      const { findings } = await readPaths([`${folder}/b.yaml`, `${folder}/nope`, `${folder}/a.yaml`])
      expect(findings.map(({ file, line }) => `${file?.slice(folder.length + 1)}:${line}`)).toEqual([
        'a.yaml:1',
        'a.yaml:6',
        'b.yaml:1',
        'b.yaml:3',
        'nope:undefined',
      ])
    }))
})

describe('encodings', () => {
  const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le'))
  const bytes: Readonly<Record<string, readonly [Uint8Array, readonly string[], number]>> = {
    'UTF-8 with a mark': [Buffer.from(`\uFEFF${route('a')}`), [], 1],
    'UTF-16': [utf16(route('a')), [], 1],
    'big-endian UTF-16': [Buffer.from(utf16(route('a'))).swap16(), [], 1],
    'Latin-1': [Buffer.from(`# one\n# zw\u00f6lf\n${route('a')}`, 'latin1'), ['ParseError 2:5'], 0],
    'a cut character': [Buffer.from(`${route('a')}# \u20ac`).subarray(0, -1), ['ParseError 11:3'], 0],
    'a replacement character': [Buffer.from(`# \uFFFD\n${route('a')}`), [], 1],
    NUL: [Buffer.from(`${route('a')}\0`), ['ParseError 11:1'], 0],
    'a long prefix': [
      Buffer.concat([Buffer.from('# \u20ac\n'.repeat(9999)), Buffer.from([0x80])]),
      ['ParseError 10000:1'],
      0,
    ],
  }
  for (const [name, [content, found, kept]] of Object.entries(bytes))
    test(name, () =>
      withFolder({ 'a.yaml': content }, async folder => {
        const input = await readPaths([folder])
        expect(briefs(input)).toEqual([...found])
        expect(input.objects.length).toBe(kept)
      }),
    )
})

describe('JSON files', () => {
  const texts: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    'a comma too many': ['{"a": [1,\n],}', ['ParseError 2:1']],
    'cut off': ['{"a":\n  {"b": 1', ['ParseError 2:10']],
    'a comment': ['{\n// x\n}', ['ParseError 2:1']],
    'a text': ['"a"', ['NotAResource 1:1']],
    deep: ['{"a":'.repeat(100_000), ['ParseError 1:1']],
    empty: ['', []],
    'YAML all the same': ['a: b: c', ['ParseError 1:4']],
  }
  for (const [name, [text, found]] of Object.entries(texts))
    test(name, () =>
      withFolder({ 'a.json': text }, async folder =>
        expect(briefs(await readPaths([folder]))).toEqual([...found]),
      ),
    )
})

test('stdin is read once and has a name', async () => {
  const input = await readText(route('A'))
  expect(input.findings[0]?.file).toBe('<stdin>')
})
