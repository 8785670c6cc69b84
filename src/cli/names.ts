import type { Flag, Flags } from './definition.ts'

/** A flag under one of its names. */
export interface NamedFlag {
  readonly key: string
  readonly flag: Flag
}

const kebab = (key: string): string => key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** The name to show: `onlyFiles` → `--only-files`; `color`, on by default → `--no-color`. */
export const longName = (key: string, flag: Flag): string =>
  flag.type === 'boolean' && flag.default === true ? `--no-${kebab(key)}` : `--${kebab(key)}`

export const shortName = (flag: Flag): string | undefined => {
  const letter = flag.alias?.find(alias => alias.length === 1)
  return letter === undefined ? undefined : `-${letter}`
}

/** Every spelling → its flag: `--only-files`, `-f`, further long names. */
export const flagsByName = (flags: Flags): ReadonlyMap<string, NamedFlag> => {
  const names = new Map<string, NamedFlag>()
  for (const [key, flag] of Object.entries(flags)) {
    names.set(longName(key, flag), { key, flag })
    for (const alias of flag.alias ?? [])
      names.set(alias.length === 1 ? `-${alias}` : `--${alias}`, { key, flag })
  }
  return names
}
