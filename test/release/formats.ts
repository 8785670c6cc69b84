/** What the head of an executable says of itself, for each of the three formats. Byte by byte, as their specifications have it. */
export type Executable =
  | {
      readonly format: 'ELF'
      readonly machine: string
      /** The loader that it asks for, and the libraries. */
      readonly interpreter: string | undefined
      readonly needed: readonly string[]
    }
  | { readonly format: 'Mach-O'; readonly machine: string; readonly signed: boolean }
  | { readonly format: 'PE'; readonly machine: string; readonly console: boolean }

export const readExecutable = (bytes: Buffer): Executable => {
  if (bytes.readUInt32BE(0) === 0x7f454c46) return elf(bytes)
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return machO(bytes)
  if (bytes.toString('latin1', 0, 2) === 'MZ') return pe(bytes)
  throw new Error(`no executable begins with ${bytes.toString('hex', 0, 4)}`)
}

const named = (machines: Readonly<Record<number, string>>, found: number): string =>
  machines[found] ?? `0x${found.toString(16)}`

/** ELF-64, little endian: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html */
const elf = (bytes: Buffer): Executable => {
  if (bytes[4] !== 2 || bytes[5] !== 1) throw new Error('ELF of 32 bits, or big endian')
  const segments = Array.from({ length: bytes.readUInt16LE(56) }, (_, index) => {
    const at = Number(bytes.readBigUInt64LE(32)) + index * bytes.readUInt16LE(54)
    const word = (offset: number): number => Number(bytes.readBigUInt64LE(at + offset))
    return { type: bytes.readUInt32LE(at), offset: word(8), address: word(16), size: word(32) }
  })
  const segment = (type: number) => segments.find(candidate => candidate.type === type)
  const fileOffset = (address: number): number => {
    const load = segments.find(
      ({ type, address: from, size }) => type === 1 && address >= from && address < from + size,
    )
    if (load === undefined) throw new Error(`nothing is loaded at 0x${address.toString(16)}`)
    return address - load.address + load.offset
  }
  const interpreter = segment(3)
  const entries = dynamicEntries(bytes, segment(2))
  const strings = entries.find(({ tag }) => tag === 5)
  return {
    format: 'ELF',
    machine: named({ 62: 'x64', 183: 'arm64' }, bytes.readUInt16LE(18)),
    interpreter: interpreter && stringAt(bytes, interpreter.offset),
    needed: entries
      .filter(({ tag }) => tag === 1)
      .map(({ value }) => stringAt(bytes, fileOffset(strings?.value ?? 0) + value)),
  }
}

const dynamicEntries = (
  bytes: Buffer,
  segment: { readonly offset: number; readonly size: number } | undefined,
): readonly { readonly tag: number; readonly value: number }[] =>
  Array.from({ length: (segment?.size ?? 0) / 16 }, (_, index) => {
    const at = (segment?.offset ?? 0) + index * 16
    return { tag: Number(bytes.readBigUInt64LE(at)), value: Number(bytes.readBigUInt64LE(at + 8)) }
  })

const stringAt = (bytes: Buffer, at: number): string => bytes.toString('latin1', at, bytes.indexOf(0, at))

/** Mach-O, 64 bits: mach_header_64 and load_command of <mach-o/loader.h>. */
const machO = (bytes: Buffer): Executable => {
  if (bytes.readUInt32LE(12) !== 2) throw new Error('Mach-O, and not MH_EXECUTE')
  const commands: number[] = []
  for (let at = 32; commands.length < bytes.readUInt32LE(16); at += bytes.readUInt32LE(at + 4))
    commands.push(bytes.readUInt32LE(at))
  return {
    format: 'Mach-O',
    machine: named({ 16777223: 'x64', 16777228: 'arm64' }, bytes.readUInt32LE(4)),
    // LC_CODE_SIGNATURE: macOS on arm64 kills what has none
    signed: commands.includes(0x1d),
  }
}

/** PE32+: https://learn.microsoft.com/windows/win32/debug/pe-format */
const pe = (bytes: Buffer): Executable => {
  const at = bytes.readUInt32LE(0x3c)
  if (bytes.toString('latin1', at, at + 4) !== 'PE\0\0') throw new Error('MZ without PE')
  if (bytes.readUInt16LE(at + 24) !== 0x20b) throw new Error('PE, and not PE32+')
  return {
    format: 'PE',
    machine: named({ 34404: 'x64', 43620: 'arm64' }, bytes.readUInt16LE(at + 4)),
    // IMAGE_SUBSYSTEM_WINDOWS_CUI
    console: bytes.readUInt16LE(at + 24 + 68) === 3,
  }
}
