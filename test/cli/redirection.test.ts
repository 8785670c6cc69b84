import { describe, expect, test } from 'bun:test'
import { createRedirection } from '../../src/cli/failover/redirection.ts'
import type { StandInName } from '../../src/engine/failover/redirected.ts'

const ours = [{ type: 'A', targets: ['10.2.0.10'] }] as const
const theirs = [{ type: 'A', targets: ['10.1.0.10'] }] as const
const named = (zone: string, there: StandInName['there']): StandInName => ({
  zone,
  name: 'aks01-weu-internal.aks.example.com',
  ours,
  there,
})

/** What zones weu and neu answer, look by look: o ours, t theirs, - no answer. */
const rows: readonly (readonly [
  what: string,
  looks: readonly string[],
  complete: boolean,
  contended: string,
])[] = [
  ['not yet', ['tt', 'ot'], false, ''],
  ['one after the other', ['tt', 'ot', 'oo'], true, ''],
  ['one does not answer', ['t-', 'o-'], true, ''],
  ['one is silent for a while', ['oo', '-o', 'oo'], true, ''],
  ['nobody answers', ['--'], true, ''],
  ['it goes back', ['oo', 'to'], true, 'weu'],
  ['by turns, and never both at once', ['ot', 'to', 'ot', 'to'], true, 'neu weu'],
  ['it goes back before the other is redirected', ['ot', 'tt'], false, 'weu'],
  ['it goes back and comes again', ['oo', 'ot', 'oo'], true, 'neu'],
]

describe('what zones answer after a takeover', () => {
  test.each(rows)('%s', (_, looks, complete, contended) => {
    const redirection = createRedirection()
    let isComplete = false
    for (const look of looks) {
      const names = ['weu', 'neu'].map((zone, index) =>
        named(zone, look[index] === '-' ? undefined : look[index] === 'o' ? ours : theirs),
      )
      redirection.note(names)
      isComplete = redirection.isComplete(names)
    }
    expect([isComplete, redirection.contended().join(' ')]).toEqual([complete, contended])
  })
})
