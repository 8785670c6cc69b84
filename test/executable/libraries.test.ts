import { expect, test } from 'bun:test'
import { execute, srouter } from './process.ts'

/** The image has glibc and no other library; see Containerfile. */
test.skipIf(process.platform !== 'linux')('it needs glibc and nothing else', async () => {
  const { code, out } = await execute('ldd', [srouter()])
  expect(code).toBe(0)
  const libraries = [...out.matchAll(/^\s*(?:\S*\/)?([\w-]+)\.so/gm)].map(([, library = '']) => library)
  const glibc = ['libc', 'libm', 'libdl', 'libpthread', 'librt', 'linux-vdso']
  expect(libraries.filter(library => !glibc.includes(library) && !library.startsWith('ld-linux'))).toEqual([])
})
