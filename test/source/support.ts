import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { LocatedFinding } from '../../src/engine/finding.ts'
import { type FileInput, readFiles } from '../../src/source/files/index.ts'

const noStdin = { read: () => Promise.reject(new Error('stdin was read')) }

/** What is read from one text on stdin. */
export const readText = (text: string, namespace?: string): Promise<FileInput> =>
  readFiles(['-'], { namespace, stdin: { read: async () => text } })

export const readPaths = (paths: readonly string[], namespace?: string): Promise<FileInput> =>
  readFiles(paths, { namespace, stdin: noStdin })

/** A temporary folder with these files, for as long as `use` runs. */
export const withFolder = async <T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (folder: string) => Promise<T>,
): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'srouter-'))
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), content)
    }
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `Code 3:5`, or `Code` where there is no line. */
export const brief = ({ code, line, column }: LocatedFinding): string =>
  line === undefined ? code : `${code} ${line}:${column}`

export const briefs = (input: FileInput): string[] => input.findings.map(brief)

export const keys = (input: FileInput): string[] =>
  input.objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'}/${metadata.name}`)

/** A ServiceRoute, with lines of the spec replaced or added. */
export const route = (name: string, { namespace = 'app1', spec = '', metadata = '' } = {}): string =>
  `apiVersion: routing.router.io/v1alpha1
kind: ServiceRoute
metadata:
  name: ${name}
${namespace === '' ? '' : `  namespace: ${namespace}\n`}${metadata}spec:
  serviceName: ${name}
  gatewayName: internal
  environment: prod
  application: app1
${spec}`
