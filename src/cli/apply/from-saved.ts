import type { KubeClient } from '../../kube/index.ts'
import { basisOf, changedSince } from '../../source/basis.ts'
import { type GatheredOnline, gatherOnline } from '../../source/online.ts'
import type { Context } from '../context.ts'
import { planFrom, settingsFor } from '../planning.ts'
import { loadPlan, refused, reportContent } from '../saved-plan.ts'
import { withAnswers } from '../zones.ts'

/** The snapshot of a saved plan as the cluster has it now, once it is sure that the plan would be made again. */
export const gatherSaved = async (
  client: KubeClient,
  file: string,
  { clock, signal, log }: Pick<Context, 'clock' | 'signal' | 'log'>,
): Promise<{ gathered: GatheredOnline; settings: ReturnType<typeof settingsFor> }> => {
  const { resting, content, timestamp } = await loadPlan(file)
  const { options, files } = resting
  const gathered = await gatherOnline({
    client,
    files: files === null ? undefined : asInput(files),
    onlyFiles: options.onlyFiles,
    signal,
    log,
  })
  const changed = changedSince(resting.basis, basisOf(gathered))
  if (changed.length > 0)
    throw refused(`the plan ${file} is stale: ${named(changed)} changed since it was made`)
  const given = settingsFor({ ...options, allowDeletes: options.allowDeletes ?? undefined }, clock)
  const settings = await withAnswers(gathered, given, signal)
  // Some objects say when they were made.
  if (reportContent(planFrom(gathered, { ...settings, now: timestamp }).report) !== content)
    throw refused(`the plan ${file} is stale: it would be another one now`)
  return { gathered, settings }
}

const asInput = (objects: NonNullable<Awaited<ReturnType<typeof loadPlan>>['resting']['files']>) => ({
  objects,
  findings: [],
  skipped: new Map(),
  files: 0,
  places: { start: () => undefined, field: () => undefined },
})

/** `routing.router.io/ServiceRoute/app/api` → `ServiceRoute app/api`, and how many more. */
const named = (keys: readonly string[]): string => {
  const [first = ''] = keys
  const [, kind, namespace, name] = first.split('/')
  const one = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`
  return keys.length === 1 ? one : `${one} and ${keys.length - 1} more`
}
