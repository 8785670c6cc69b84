import { expect, test } from 'bun:test'
import { suggest } from '../../src/lib/suggest.ts'

const rows: readonly [word: string, candidates: readonly string[], answer: string | undefined][] = [
  ['servicename', ['gatewayName', 'serviceName'], 'serviceName'],
  ['--dry-rnu', ['--force', '--dry-run'], '--dry-run'],
  ['--dryrun', ['--force', '--dry-run'], '--dry-run'],
  ['aplly', ['plan', 'apply'], 'apply'],
  ['weu', ['neu', 'frc'], 'neu'],
  ['wue', ['neu', 'weu'], 'weu'],
  ['colour', ['region', 'cluster'], undefined],
  ['plan', ['plan'], 'plan'],
  ['PLAN', ['plan'], 'plan'],
  ['', ['plan', 'apply'], undefined],
  ['plan', [], undefined],
  ['ab', ['xy'], undefined],
  ['ab', ['ax'], 'ax'],
  // The nearest one counts, then the first.
  ['regoin', ['regions', 'region'], 'region'],
  ['cat', ['bat', 'hat'], 'bat'],
  // A third of the word may differ, no more.
  ['abcdef', ['abcdxy'], 'abcdxy'],
  ['abcdef', ['abcxyz'], undefined],
]

for (const [word, candidates, answer] of rows)
  test(`${word} of ${candidates.join(', ')}`, () => expect(suggest(word, candidates)).toBe(answer as string))

test('candidates may be any iterable', () =>
  expect(suggest('regoin', new Map([['region', 1]]).keys())).toBe('region'))
