import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import type { LocatedFinding } from '../../engine/finding.ts'
import { byText } from '../../lib/compare.ts'
import { unreadable } from './unreadable.ts'

export interface Listing {
  /** In the order given, those of a folder by name; `-` is stdin. Each file once. */
  readonly files: readonly string[]
  readonly findings: readonly LocatedFinding[]
}

const isManifest = (name: string): boolean => /\.(ya?ml|json)$/.test(name)
const skippedFolders = new Set(['.git', 'node_modules'])

/** Which files the paths stand for: files of any name, and what looks like a manifest in folders, recursively. */
export const listFiles = (paths: readonly string[]): Listing => {
  const lister = new Lister()
  for (const path of paths) lister.add(path)
  return lister
}

class Lister implements Listing {
  readonly files: string[] = []
  readonly findings: LocatedFinding[] = []
  /** Real paths of what was met, which also breaks the loops that symbolic links can make. */
  readonly #met = new Set<string>()

  add(path: string): void {
    if (path === '-') {
      if (this.#isNew('-')) this.files.push(path)
      return
    }
    const stats = this.#try(path, () => statSync(path))
    if (stats?.isDirectory()) this.#addFolder(path)
    // A pipe is what the shell gives for <(kustomize build).
    else if (stats?.isFile() || stats?.isFIFO()) this.#addFile(path)
    else if (stats !== undefined) this.findings.push(unreadable(path, 'is neither a file nor a folder'))
  }

  #addFile(path: string): void {
    const real = this.#try(path, () => realpathSync(path))
    if (real !== undefined && this.#isNew(real)) this.files.push(path)
  }

  #addFolder(path: string): void {
    const real = this.#try(path, () => realpathSync(path))
    if (real === undefined || !this.#isNew(real)) return
    const entries = this.#try(path, () => readdirSync(path, { withFileTypes: true })) ?? []
    for (const entry of entries.toSorted((a, b) => byText(a.name, b.name))) this.#addEntry(path, entry)
  }

  #addEntry(folder: string, entry: Dirent): void {
    const path = join(folder, entry.name)
    const stats = entry.isSymbolicLink() ? this.#follow(path, entry.name) : entry
    if (stats?.isDirectory()) {
      if (!skippedFolders.has(entry.name)) this.#addFolder(path)
    } else if (isManifest(entry.name)) {
      if (stats?.isFile()) this.#addFile(path)
      else if (stats !== undefined) this.findings.push(unreadable(path, 'is no regular file'))
    }
  }

  /** What a link leads to. One that leads nowhere matters only where it is named like a manifest. */
  #follow(path: string, name: string): Stats | undefined {
    if (isManifest(name)) return this.#try(path, () => statSync(path))
    try {
      return statSync(path)
    } catch {
      return undefined
    }
  }

  #isNew(real: string): boolean {
    if (this.#met.has(real)) return false
    this.#met.add(real)
    return true
  }

  #try<T>(path: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (thrown) {
      this.findings.push(unreadable(path, thrown))
      return undefined
    }
  }
}
