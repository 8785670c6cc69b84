import { readFileSync, statSync } from 'node:fs'
import type { KubeObject } from '../../api/object.ts'
import type { LocatedFinding } from '../../engine/finding.ts'
import type { Input } from '../../lib/io.ts'
import type { Places } from '../place.ts'
import { inOrder } from './findings.ts'
import { Intake } from './intake.ts'
import { readJson } from './json/read.ts'
import { listFiles } from './paths.ts'
import { SourceFile } from './source-file.ts'
import { decode } from './text.ts'
import { unreadable } from './unreadable.ts'
import { YamlReader } from './yaml/read.ts'

export interface FileInput {
  /** Router kinds, Service, Namespace, DNSEndpoint and Istio Gateway, their metadata checked; each key once. */
  readonly objects: readonly KubeObject[]
  /** What went wrong in reading, in the order of the files. */
  readonly findings: readonly LocatedFinding[]
  /** How many objects of which other kinds there were, by `group/Kind`, of the core group by `Kind`. */
  readonly skipped: ReadonlyMap<string, number>
  /** How many files were read. */
  readonly files: number
  readonly places: Places
}

export interface ReadOptions {
  /** The namespace of namespaced resources that name none. */
  readonly namespace?: string | undefined
  /** What the path `-` stands for. */
  readonly stdin: Input
}

/** More than any folder of manifests, and less than a text can hold. */
const maxFileSize = 500_000_000

/** Reads the Kubernetes objects in files and folders. Nothing is thrown for what they contain. */
export const readFiles = async (paths: readonly string[], options: ReadOptions): Promise<FileInput> => {
  const listing = listFiles(paths)
  const intake = new Intake(options.namespace)
  const unread = [...listing.findings]
  let files = 0
  for (const path of listing.files) {
    const name = path === '-' ? '<stdin>' : path
    try {
      take(name, path === '-' ? await options.stdin.read() : readSource(path), intake)
      files++
    } catch (thrown) {
      if (!isIoError(thrown)) throw thrown
      unread.push(unreadable(name, thrown))
    }
  }
  const { objects, report, skipped, origins } = intake
  return { objects, findings: inOrder([...unread, ...report.findings]), skipped, files, places: origins }
}

const take = (name: string, source: string | Uint8Array, intake: Intake): void => {
  const decoded = decode(source)
  const { text } = decoded
  if ('problem' in decoded) {
    const file = new SourceFile(name, 'yaml', text)
    intake.report.add('ParseError', decoded.problem, () => file.place(decoded.at), { hint: decoded.hint })
    return
  }
  if (/^\s*[[{]/.test(text) && readJson(new SourceFile(name, 'json', text), intake)) return
  new YamlReader(new SourceFile(name, 'yaml', text), intake).read()
}

/**
 * The text of a file. Reading it as bytes first would take its size in memory twice; so that is done only where
 * a replacement character shows that it may be no UTF-8, and of pipes, which cannot be read again.
 */
const readSource = (path: string): string | Uint8Array => {
  const stats = statSync(path)
  if (stats.size > maxFileSize)
    throw Object.assign(new Error(`it has ${stats.size} bytes`), { code: 'EFBIG' })
  if (!stats.isFile()) return readFileSync(path)
  const text = readFileSync(path, 'utf8')
  return text.includes('\uFFFD') ? readFileSync(path) : text
}

const isIoError = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
