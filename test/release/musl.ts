import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ended, execute } from '../executable/process.ts'
import type { SystemTool } from '../lab/system.ts'

const isAlpine = existsSync('/etc/alpine-release')

/** The C library for which Alpine's executables are, and a compiler of 300 kB. */
export const musl: SystemTool = {
  name: 'musl',
  programs: isAlpine ? [] : ['/lib/ld-musl-x86_64.so.1', 'tcc'],
  packages: ['musl', 'tcc'],
}

/** Another Debian's C++ library may ask for more than is given to it here. */
export const hasLibrariesForMusl = (): boolean =>
  isAlpine ||
  (existsSync('/etc/os-release') &&
    /^VERSION_CODENAME=bookworm$/m.test(readFileSync('/etc/os-release', 'utf8')))

/**
 * What Debian's C++ library asks of glibc that musl 1.2.3 does not have. Nothing that a command line tool does while it
 * starts depends on what these answer.
 */
const whatGlibcHas = `
typedef unsigned long size_t;
char __libc_single_threaded = 0;
unsigned __cpu_model[8], __cpu_features2[4];
int __cpu_indicator_init(void) { return 0; }
int _dl_find_object(void *address, void *result) { return -1; }
unsigned arc4random(void) { return 4; }
size_t strftime_l(char *, size_t, const char *, const void *, void *);
size_t __strftime_l(char *to, size_t size, const char *format, const void *time, void *locale) {
  return strftime_l(to, size, format, time, locale);
}
int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *library) { return 0; }
`

/**
 * Runs an executable for musl. Alpine has all that it needs. Debian has musl without a C++ library for it; so it gets the one
 * for glibc, and what that lacks.
 */
export const executeOnMusl = async (executable: string, argv: readonly string[]): Promise<Ended> => {
  if (isAlpine) return execute(executable, argv)
  const folder = mkdtempSync(join(tmpdir(), 'srouter-musl-'))
  try {
    for (const library of ['libstdc++.so.6', 'libgcc_s.so.1'])
      copyFileSync(await pathOf(library), join(folder, library))
    const source = join(folder, 'glibc.c')
    writeFileSync(source, whatGlibcHas)
    const compiled = await execute('tcc', [
      ...['-shared', '-nostdlib', '-o', join(folder, 'ld-linux-x86-64.so.2'), source],
    ])
    if (compiled.code !== 0) throw new Error(compiled.err)
    return await execute(executable, argv, { env: { LD_LIBRARY_PATH: folder } })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const pathOf = async (library: string): Promise<string> => {
  const { out } = await execute('/sbin/ldconfig', ['-p'])
  const found = out.split('\n').find(line => line.includes(`\t${library} `) && line.includes('x86-64'))
  const path = found?.split(' => ')[1]
  if (path === undefined) throw new Error(`there is no ${library}`)
  return path
}
