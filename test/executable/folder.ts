import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Files by path: their content, or for a symbolic link where it leads. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>

/** Calls `use` with a folder that holds the files, and removes it. */
export const inFolder = async <T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'srouter-files-'))
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name)
      if (name.endsWith('/')) mkdirSync(path, { recursive: true })
      else {
        mkdirSync(dirname(path), { recursive: true })
        if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(path, content)
        else symlinkSync(content.link, path)
      }
    }
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
