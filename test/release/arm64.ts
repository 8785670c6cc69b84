import type { SystemTool } from '../lab/system.ts'

const root = '/usr/aarch64-linux-gnu'

/** An emulator of the processor, and glibc for it. */
export const qemu: SystemTool = {
  name: 'QEMU',
  programs: ['qemu-aarch64', `${root}/lib/ld-linux-aarch64.so.1`],
  packages: ['qemu-user', 'libc6-arm64-cross'],
}

/** What a command line for that processor begins with. */
export const emulated = ['qemu-aarch64', '-L', root] as const
