import { describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Artifact, obtain, withLock } from './cache.ts'
import { onlyVersions } from './crds.ts'
import { documents } from './documents.ts'
import { goModFor } from './go.ts'
import { freePorts } from './ports.ts'
import { seconds } from './say.ts'
import { GiveUp, waitFor } from './wait.ts'

/** The parts of the lab that need neither Go nor a control plane. */
const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-parts-'))
  const before = process.env.SROUTER_CACHE
  process.env.SROUTER_CACHE = folder
  try {
    await work(folder)
  } finally {
    if (before === undefined) delete process.env.SROUTER_CACHE
    else process.env.SROUTER_CACHE = before
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('the cache', () => {
  const artifact = (make: Artifact['make']): Artifact => ({
    name: 'thing',
    version: 'v1',
    go: '1.25.0',
    make,
  })

  test('makes a thing once, also when it is wanted twice at a time', () =>
    inFolder(async () => {
      let made = 0
      const thing = artifact(async folder => {
        made++
        await Bun.sleep(20)
        await Bun.write(join(folder, 'file'), 'content')
      })
      const [one, two] = await Promise.all([obtain(thing), obtain(thing)])
      expect(one).toBe(two)
      expect(await obtain(thing)).toBe(one)
      expect(made).toBe(1)
      expect(readdirSync(one)).toEqual(['file'])
    }))

  test('keeps nothing of a failure', () =>
    inFolder(async folder => {
      const broken = artifact(async temporary => {
        await Bun.write(join(temporary, 'half'), '')
        throw new Error('no luck')
      })
      await expect(obtain(broken)).rejects.toThrow('no luck')
      await waitFor(() => readdirSync(join(folder, 'lab')).length === 0, { what: 'an empty cache' })
    }))

  test('takes over the lock of a process that died', () =>
    inFolder(async folder => {
      const { pid, exited } = Bun.spawn(['true'])
      await exited
      writeFileSync(join(folder, 'lock'), String(pid))
      expect(await withLock(join(folder, 'lock'), async () => 'mine')).toBe('mine')
    }))
})

describe('go.mod for a program that replaces modules by folders', () => {
  test('replaces them by their published versions', () => {
    const theirs = {
      Go: '1.25.0',
      GoDebug: [{ Key: 'default', Value: 'go1.25' }],
      Replace: [
        { Old: { Path: 'k8s.io/api' }, New: { Path: './staging/src/k8s.io/api' } },
        { Old: { Path: 'example.com/a' }, New: { Path: 'example.com/b' } },
      ],
    }
    expect(goModFor('k8s.io/kubernetes', 'v1.35.4', theirs)).toBe(
      `module lab
go 1.25.0
godebug default=go1.25
require k8s.io/kubernetes v1.35.4
replace k8s.io/api => k8s.io/api v0.35.4
`,
    )
  })
})

describe('waitFor', () => {
  test('returns the first answer', async () => {
    let asked = 0
    expect(await waitFor(() => (++asked === 3 ? 'yes' : undefined), { what: 'three', everyMs: 1 })).toBe(
      'yes',
    )
  })
  test('says what it waited for, and what was thrown last', async () => {
    const never = () => Promise.reject(new Error('refused'))
    const options = { what: 'Godot', timeoutMs: 20, everyMs: 1 }
    await expect(waitFor(never, options)).rejects.toThrow('waited 0.02 s for Godot; the last time: refused')
  })
  test('does not wait for what can never come', async () => {
    const dead = () => {
      throw new GiveUp('it ended')
    }
    await expect(waitFor(dead, { what: 'it' })).rejects.toThrow('it ended')
  })
})

test('a CRD reduced to some of its versions stores the first', () => {
  const version = (name: string) => ({ name, served: true, storage: name === 'v1' })
  const spec = {
    group: 'g',
    names: { plural: 'things', kind: 'Thing' },
    versions: ['v1', 'v1beta1'].map(version),
  }
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.g' },
    spec,
  }
  expect(onlyVersions(crd, ['v1beta1']).spec.versions).toEqual([
    { name: 'v1beta1', served: true, storage: true },
  ])
  expect(() => onlyVersions(crd, ['v2'])).toThrow('things.g has no version v2')
})

test('documents leaves out empty ones', () => {
  expect(documents<{ a?: number; b?: number }>('---\na: 1\n---\n---\nb: 2\n')).toEqual([{ a: 1 }, { b: 2 }])
  expect(documents('')).toEqual([])
})

test('seconds reads like a person would say it', () => {
  expect([1234, 12_345, 61_234].map(seconds)).toEqual(['1.2 s', '12 s', '1 min 1 s'])
})

test('ports are claimed: processes that run beside each other never get the same, though nobody listens yet', async () => {
  // So many that by chance alone some would be.
  const program = `
    const { freePorts } = await import(${JSON.stringify(join(import.meta.dir, 'ports.ts'))})
    console.log(JSON.stringify(freePorts(300)))
    for await (const _ of console) break`
  const others = Array.from({ length: 3 }, () =>
    Bun.spawn([process.execPath, '-e', program], { stdin: 'pipe', stdout: 'pipe' }),
  )
  const lines = others.map(async ({ stdout }) => {
    const { value } = await stdout.pipeThrough(new TextDecoderStream()).getReader().read()
    return JSON.parse(value ?? '[]') as readonly number[]
  })
  const ports = [...freePorts(300), ...(await Promise.all(lines)).flat()]
  for (const { stdin } of others) await stdin.end()
  await Promise.all(others.map(({ exited }) => exited))
  expect(ports).toHaveLength(1200)
  expect(new Set(ports).size).toBe(1200)
})
