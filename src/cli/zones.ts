import { ask } from '../dns/ask.ts'
import { inquiryOf } from '../engine/failover/questions.ts'
import type { Settings } from '../engine/snapshot.ts'
import type { Gathered } from '../source/gathered.ts'
import type { GatheredOnline } from '../source/online.ts'

/** The settings with what the zones answer. For a plan without a cluster no zone is asked either. */
export const withAnswers = async (
  gathered: Gathered | GatheredOnline,
  settings: Settings,
  signal: AbortSignal,
): Promise<Settings> => {
  if (!('applied' in gathered)) return settings
  const inquiry = inquiryOf(gathered.inputs, gathered.current, settings)
  return { ...settings, answers: await ask(inquiry, { signal }) }
}
