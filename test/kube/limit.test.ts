import { expect, test } from 'bun:test'
import { limiter } from '../../src/kube/limit.ts'

test('never more than the limit at a time, in order, and a failure gives its place back', async () => {
  const limited = limiter(3)
  const began: number[] = []
  let running = 0
  let most = 0
  const tasks = Array.from({ length: 20 }, (_, i) =>
    limited(async () => {
      began.push(i)
      most = Math.max(most, ++running)
      await Bun.sleep(0)
      running--
      if (i % 2 === 0) throw new Error('even')
      return i
    }),
  )
  const results = await Promise.allSettled(tasks)
  expect(most).toBe(3)
  expect(began).toEqual(Array.from({ length: 20 }, (_, i) => i))
  expect(results.filter(result => result.status === 'fulfilled').length).toBe(10)
})
