import { expect, test } from 'bun:test'
import type { Applied } from '../../src/cli/apply/carry-out.ts'
import { result } from '../../src/cli/apply/result.ts'
import type { ObjectChange } from '../../src/engine/change.ts'
import { exitCode } from '../../src/lib/errors.ts'

const gateway = (name: string): ObjectChange => ({
  action: 'create',
  ref: { apiVersion: 'routing.router.io/v1alpha1', kind: 'Gateway', namespace: 'istio-system', name },
  reason: 'new',
})

const told = (failed: Applied['failed']): readonly string[] => {
  const lines: string[] = []
  const output = {
    out: (text: string) => lines.push(text),
    err: () => {},
    columns: 80,
    rows: 24,
    color: false,
  }
  const outcome = { done: [], failed, skipped: [], statusFailures: [], finalizerFailures: [] }
  expect(result({ outcome, held: 0, interrupted: false }, 'text', output)).toBe(exitCode.partlyApplied)
  return lines.filter(line => line.startsWith('hint: '))
}

test('a namespace that is not there is named once, with what to do', () => {
  const message = 'cannot patch gateways: namespaces "istio-system" not found'
  expect(
    told([
      { change: gateway('internal'), message },
      { change: gateway('external'), message },
    ]),
  ).toEqual(['hint: namespaces to make first, with kubectl or in the files: istio-system\n'])
})

test('another failure has no such hint', () => {
  expect(told([{ change: gateway('internal'), message: 'cannot patch gateways: forbidden' }])).toEqual([])
})
