import { basisOf } from '../source/basis.ts'
import type { Gathered } from '../source/gathered.ts'
import type { GatheredOnline } from '../source/online.ts'
import type { Resting } from './saved-plan.ts'

/** What a plan rests on, to be saved with it; null for one that was made without a cluster. */
export const restingOf = (
  gathered: Gathered | GatheredOnline,
  args: {
    readonly adopt: readonly string[]
    readonly allowDeletes: number | undefined
    readonly defaultGatewayNamespace: string
    readonly onlyFiles: boolean
    readonly file: readonly string[]
  },
): Resting | null => {
  if (!('applied' in gathered)) return null
  const { adopt, allowDeletes = null, defaultGatewayNamespace, onlyFiles } = args
  return {
    options: { adopt, allowDeletes, defaultGatewayNamespace, onlyFiles },
    files: args.file.length === 0 ? null : gathered.files,
    basis: basisOf(gathered),
  }
}
