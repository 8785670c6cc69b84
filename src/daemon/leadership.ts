import type { LeaderChange } from '../kube/index.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'

/** Tells logs and metrics how the election goes. A renewal that failed once has not lost the Lease yet. */
export const leadershipTeller =
  (log: Log, leading: (isLeader: boolean) => void) =>
  (change: LeaderChange): void => {
    if (change.type === 'acquired') {
      leading(true)
      log.info('Lease acquired')
    } else if (change.type === 'lost') {
      leading(false)
      log.warn('Lease lost', { holder: change.holder })
    } else if (change.type === 'released') {
      leading(false)
      log.info('Lease released')
    } else if (change.type === 'observed') log.info('Another replica leads', { holder: change.holder })
    else log.warn('Lease not reached', { error: messageOf(change.error) })
  }
