import { shortName } from '../../api/object.ts'
import type { ObjectChange } from '../../engine/change.ts'
import type { Output } from '../../lib/io.ts'
import type { Log } from '../../lib/log.ts'

export interface Progress {
  readonly done: (change: ObjectChange, failure: string | undefined) => void
  readonly end: () => void
}

/** A counter on a terminal, and elsewhere nothing but what goes wrong. */
export const progress = (total: number, output: Output, log: Log): Progress => {
  let count = 0
  const live = output.columns !== undefined && total > 0
  return {
    done: ({ action, ref }, failure) => {
      count++
      if (live && (count === total || count % 10 === 0)) output.err(`\r${count} of ${total} written`)
      if (failure !== undefined)
        log.debug('a change failed', { action, kind: ref.kind, object: shortName(ref), error: failure })
    },
    end: () => {
      if (live && count > 0) output.err(`\r${count} of ${total} written\n`)
    },
  }
}
