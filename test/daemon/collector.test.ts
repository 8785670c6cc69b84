import { describe, expect, test } from 'bun:test'
import { createCollector } from '../../src/daemon/collector.ts'

const megabyte = 1e6

/** A process whose collections take a second each, and leave what is alive. */
const processWith = (alive: number) => {
  const heap = { resident: alive, now: 0, collections: 0 }
  const collector = createCollector({
    resident: () => heap.resident,
    collect: () => {
      heap.resident = alive
      heap.collections++
      heap.now += 1_000
    },
    elapsed: () => heap.now,
  })
  collector.look()
  heap.collections = 0
  heap.now += 1_000_000
  return { heap, ...collector }
}

describe('the collector', () => {
  test.each([
    ['nothing has been added', 100, 0, 0],
    ['little has been added', 100, 10, 0],
    ['a sixth has been added', 100, 17, 1],
    ['a sixth of little has been added', 40, 7, 0],
    ['as much as is worth it has been added to little', 40, 13, 1],
  ] as const)('where %s', (_, alive, added, expected) => {
    const { heap, look } = processWith(alive * megabyte)
    heap.resident += added * megabyte
    look()
    expect(heap.collections).toBe(expected)
  })

  test('takes no more than a small part of the time, however much is added', () => {
    const { heap, look } = processWith(100 * megabyte)
    const began = heap.now
    let most = 0
    for (let turn = 0; turn < 1_000; turn++) {
      heap.resident += 50 * megabyte
      look()
      heap.now += 200
      if (turn > 500) most = Math.max(most, (heap.collections * 1_000) / (heap.now - began))
    }
    expect(heap.collections).toBeGreaterThan(1)
    expect(most).toBeLessThan(0.05)
  })
})
