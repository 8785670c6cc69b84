import type { Reading } from '../../doctor/facts.ts'
import { isForbidden } from '../../kube/index.ts'

/** What may not be read is no failure: everything else can still be said. */
export const reading = async <T>(value: Promise<T>): Promise<Reading<T>> => {
  try {
    return { known: true, value: await value }
  } catch (thrown) {
    if (!isForbidden(thrown)) throw thrown
    // Behind the colon are the API server's own words about it.
    return { known: false, why: thrown.message.split(': ')[0] ?? thrown.message }
  }
}
