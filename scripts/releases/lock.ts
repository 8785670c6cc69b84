import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What package-lock.json says of an installed package. */
export interface Locked {
  readonly version: string
  /** As npm writes it: `sha512-…`, of the tarball. */
  readonly integrity: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** The project itself, under the path ''. */
export interface Project {
  readonly name: string
  readonly version: string
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
}

export interface Lock {
  readonly project: Project
  /** By the path where npm puts it: `node_modules/a`, `node_modules/a/node_modules/b`. */
  readonly packages: Readonly<Record<string, Locked>>
}

/** The exact versions of everything, with checksums: the one place where they are pinned. */
export const readLock = (): Lock => {
  const path = join(import.meta.dirname, '..', '..', 'package-lock.json')
  const { packages } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>> & { readonly '': Project }
  }
  const { '': project, ...others } = packages
  return { project, packages: others }
}

/** The package `name` at the top of node_modules. */
export const lockedPackage = ({ packages }: Lock, name: string): Locked => {
  const found = packages[`node_modules/${name}`]
  if (found === undefined) throw new Error(`package-lock.json has no ${name}`)
  return found
}
