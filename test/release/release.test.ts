import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import packageJson from '../../package.json' with { type: 'json' }
import { type Ended, execute, root } from '../executable/process.ts'
import { describeWith } from '../lab/suite.ts'
import { emulated, qemu } from './arm64.ts'
import { type Checkout, cloneOf, taggedCheckout, version } from './checkout.ts'
import { type Executable, readExecutable } from './formats.ts'
import { executeOnMusl, hasLibrariesForMusl, musl } from './musl.ts'

/** What scripts/release makes of a tag: for every platform once, and for one of each format once more elsewhere. */

// Downloads the runtimes once for this machine, and compiles for eight platforms.
setDefaultTimeout(10 * 60_000)

let checkout: Checkout
beforeAll(async () => {
  checkout = await taggedCheckout()
  const { code, out, err } = await checkout.release()
  if (code !== 0) throw new Error(err)
  expect(out).toBe(readFileSync(released('SHA256SUMS'), 'utf8'))
})
afterAll(() => checkout[Symbol.dispose]())

const released = (name: string): string => join(checkout.path, 'dist', 'release', name)
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

const linux = (machine: string, interpreter: string, ...needed: readonly string[]): Executable => ({
  format: 'ELF',
  machine,
  interpreter,
  needed,
})
const glibc = ['libc.so.6', 'libpthread.so.0', 'libdl.so.2', 'libm.so.6']

const executables: Readonly<Record<string, Executable>> = {
  'darwin-arm64': { format: 'Mach-O', machine: 'arm64', signed: true },
  'darwin-x64': { format: 'Mach-O', machine: 'x64', signed: true },
  'linux-arm64': linux('arm64', '/lib/ld-linux-aarch64.so.1', ...glibc, 'ld-linux-aarch64.so.1'),
  'linux-arm64-musl': linux('arm64', '/lib/ld-musl-aarch64.so.1', 'libstdc++.so.6', 'libc.musl-aarch64.so.1'),
  'linux-x64': linux('x64', '/lib64/ld-linux-x86-64.so.2', ...glibc, 'ld-linux-x86-64.so.2'),
  'linux-x64-musl': linux('x64', '/lib/ld-musl-x86_64.so.1', 'libstdc++.so.6', 'libc.musl-x86_64.so.1'),
  'windows-arm64.exe': { format: 'PE', machine: 'arm64', console: true },
  'windows-x64.exe': { format: 'PE', machine: 'x64', console: true },
}
const fileOf = (platform: string): string => `srouter-${version}-${platform}`

test('an executable for every platform, a bill of materials and checksums, and nothing else', () => {
  const expected = [
    'SHA256SUMS',
    ...Object.keys(executables).map(fileOf),
    `${fileOf('').slice(0, -1)}.cdx.json`,
  ]
  expect(readdirSync(released('')).sort()).toEqual(expected.sort())
})

describe.each(Object.entries(executables))('%s', (platform, expected) => {
  test('is of the right kind', () => {
    const found = readExecutable(readFileSync(released(fileOf(platform))))
    if (found.format === 'ELF' && expected.format === 'ELF')
      expect({ ...found, needed: found.needed.toSorted() }).toEqual({
        ...expected,
        needed: expected.needed.toSorted(),
      })
    else expect(found).toEqual(expected)
  })

  test('may be executed', () => {
    expect(statSync(released(fileOf(platform))).mode & 0o111).toBe(0o111)
  })
})

test('the checksums are those of the files', async () => {
  const lines = readFileSync(released('SHA256SUMS'), 'utf8').trimEnd().split('\n')
  const others = readdirSync(released('')).filter(name => name !== 'SHA256SUMS')
  expect(lines).toEqual(others.sort().map(name => `${sha256(released(name))}  ${name}`))
})

const here = `${process.platform}-${process.arch}`

test.if(here in executables)('that of this machine starts, and is what the tag has', async () => {
  const { out } = await execute(released(fileOf(here)), ['version', '-o', 'json'])
  const commit = await checkout.git('rev-parse', '--short=12', 'HEAD')
  expect(JSON.parse(out)).toMatchObject({ version, commit, platform: here })
})

/** It starts, with the bytecode that was made for it elsewhere, and does something real. */
const works = (platform: string, run: (...argv: readonly string[]) => Promise<Ended>): void => {
  test('starts', async () => {
    const { code, out, err } = await run('version', '-o', 'json')
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out)).toMatchObject({ version, platform })
  })

  test('plans', async () => {
    const files = ['platform/common', 'platform/weu', 'workloads']
    const flags = files.flatMap(path => ['-f', `examples/two-regions/${path}`])
    const { out } = await run('plan', '--current', 'none', ...flags)
    expect(out).toContain('\nPlan: 16 to add, 0 to change, 0 to delete (0 unchanged)\n')
  })
}

if (here === 'linux-x64') {
  describeWith(qemu, 'that for arm64', () => {
    const [program, ...options] = emulated
    works('linux-arm64', (...argv) =>
      execute(program, [...options, released(fileOf('linux-arm64')), ...argv]),
    )
  })

  if (hasLibrariesForMusl())
    describeWith(musl, 'that for musl', () =>
      works(here, (...argv) => executeOnMusl(released(fileOf('linux-x64-musl')), argv)),
    )
  else
    test.skip('that for musl: skipped, because it can be started on Debian 12 and Alpine alone', () =>
      undefined)
}

test('the same bytes from another folder', async () => {
  using again = await cloneOf(checkout)
  const platforms = ['linux-x64-musl', 'darwin-arm64', 'windows-x64']
  const { code, out, err } = await again.release(...platforms)
  expect([code, err]).toEqual([0, expect.any(String)])
  const first = readFileSync(released('SHA256SUMS'), 'utf8').split('\n')
  const second = out.trimEnd().split('\n')
  expect(second).toHaveLength(platforms.length + 1)
  for (const line of second) expect(first).toContain(line)
})

describe('the bill of materials', () => {
  interface Bom {
    readonly metadata: { readonly component: { readonly name: string; readonly version: string } }
    readonly components: readonly {
      readonly name: string
      readonly version: string
      readonly 'bom-ref': string
    }[]
    readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[]
  }
  const bom = (): Bom => JSON.parse(readFileSync(released(`srouter-${version}.cdx.json`), 'utf8'))

  /** The schemas as CycloneDX publishes them. */
  const published = (name: string): object => {
    const folder = join(root, 'node_modules', '@cyclonedx', 'cyclonedx-library', 'res', 'schema')
    return JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8'))
  }

  test('is CycloneDX', () => {
    const schemas = Object.fromEntries(
      ['jsf-0.82', 'spdx'].map(name => [
        `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`,
        published(name),
      ]),
    )
    const ajv = new Ajv({ strict: false, allErrors: true, schemas })
    addFormats(ajv)
    for (const format of ['iri-reference', 'idn-email']) ajv.addFormat(format, true)
    const valid = ajv.compile(published('bom-1.6'))
    valid(bom())
    expect(valid.errors ?? []).toEqual([])
    expect(valid({ ...bom(), specVersion: 1.6 })).toBe(false)
  })

  test('has every dependency in its version, and bun', () => {
    const found = new Map(bom().components.map(component => [component.name, component.version]))
    for (const [name, wanted] of Object.entries({ ...packageJson.dependencies, bun: Bun.version }))
      expect([name, found.get(name)]).toEqual([name, wanted])
    expect(bom().metadata.component).toMatchObject({ name: packageJson.name, version })
  })

  test('has every package that something of is in the executable', async () => {
    const metafile = join(checkout.path, 'dist', 'meta.json')
    const argv = [
      'build',
      'src/main.ts',
      '--target=bun',
      `--metafile=${metafile}`,
      '--outdir',
      dirname(metafile),
    ]
    const { code, err } = await execute(join(root, 'node_modules', '.bin', 'bun'), argv)
    expect([code, err]).toEqual([0, ''])
    const { inputs } = JSON.parse(readFileSync(metafile, 'utf8')) as { readonly inputs: object }
    const bundled = Object.keys(inputs).flatMap(
      path => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
    )
    const listed = bom().components.map(({ name }) => name)
    expect(bundled).toContain('valibot')
    expect([...new Set(bundled)].filter(name => !listed.includes(name))).toEqual([])
  })

  test('says what needs what: everything is reached from the program', () => {
    const needs = new Map(bom().dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]))
    const reached = new Set<string>()
    const visit = (ref: string): void => {
      if (reached.has(ref)) return
      reached.add(ref)
      needs.get(ref)?.forEach(visit)
    }
    visit(`pkg:npm/${packageJson.name}@${version}`)
    const all = bom().components.map(component => component['bom-ref'])
    expect(all.filter(ref => !reached.has(ref))).toEqual([])
  })

  test('its time is that of the commit', async () => {
    const seconds = Number(await checkout.git('log', '-1', '--format=%ct'))
    expect(bom().metadata).toMatchObject({ timestamp: new Date(seconds * 1000).toISOString() })
  })
})

describe('what is refused', () => {
  const refused = async (message: string, ...platforms: readonly string[]): Promise<void> => {
    const { code, out, err } = await checkout.release(...platforms)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(message)
  }

  test('a platform that there is not', () => refused('unknown platform "plan9"', 'plan9'))

  test.each(['README.md', 'src/new.ts'])('a checkout with an edit: %s', async path => {
    writeFileSync(join(checkout.path, path), '')
    await refused(path)
    await checkout.git('clean', '--quiet', '--force', '--', 'src')
    await checkout.git('checkout', '--quiet', '--', '.')
  })

  test('a commit without the tag of its version', async () => {
    await checkout.git('tag', '--delete', `v${version}`)
    await refused(`no tag v${version}`)
    await checkout.git('tag', `v${version}`)
  })
})
