import { reconcile } from '../engine/engine.ts'
import type { LocatedFinding } from '../engine/finding.ts'
import { defaultSettings } from '../engine/snapshot.ts'
import type { Input } from '../lib/io.ts'
import { inOrder, locate } from '../source/files/index.ts'
import { gatherOffline } from '../source/offline.ts'
import { isError } from './planning.ts'
import type { FindingsReport } from './render/findings/report.ts'

export interface ValidateOptions {
  readonly files: readonly string[]
  readonly namespace: string | undefined
  /** Warnings count as errors. */
  readonly strict: boolean
  readonly defaultGatewayNamespace: string
  readonly stdin: Input
}

/** Everything wrong with the files: what reading them, their schemas and the engine's rules find. */
export const validateFiles = async (options: ValidateOptions): Promise<FindingsReport> => {
  const { files, namespace, stdin, strict, defaultGatewayNamespace } = options
  const gathered = await gatherOffline({ files, namespace, current: 'none', stdin })
  const { plan } = reconcile({ ...gathered, settings: { ...defaultSettings, defaultGatewayNamespace } })
  const found = inOrder([...gathered.findings, ...locate(plan.findings, gathered.places)])
  const findings = strict ? found.map(asError) : found
  const errors = findings.filter(isError).length
  return { findings, summary: { ...gathered.counts, errors, warnings: findings.length - errors } }
}

const asError = (finding: LocatedFinding): LocatedFinding => ({ ...finding, severity: 'error' })
