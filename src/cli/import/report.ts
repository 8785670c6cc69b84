import { defaultSettings } from '../../engine/snapshot.ts'
import { importRecords } from '../../import/import.ts'
import type { Told } from '../../import/request.ts'
import { inOrder, locate } from '../../source/files/index.ts'
import type { ImportReport } from '../render/import/report.ts'
import type { ImportInput } from './gather.ts'

/** What is proposed, and what is not; everything in it with its place. */
export const importReport = (
  input: ImportInput,
  told: Told,
  defaultGatewayNamespace: string,
): ImportReport => {
  const { inputs, current, istioApiVersion } = input
  const settings = { ...defaultSettings, defaultGatewayNamespace, istioApiVersion }
  const imported = importRecords({ inputs, current, settings }, told)
  return { ...imported, findings: inOrder([...input.findings, ...locate(imported.findings, input.places)]) }
}
