import { beforeAll, describe, setDefaultTimeout, test } from 'bun:test'
import { labMissing, type Need, prepareLab } from './tools.ts'

/**
 * `describe` for tests that need the lab, and `needs` beside it. Makes first what is missing. Where that cannot be done the
 * tests are skipped, with the reason, and in CI they fail: a test that nobody notices is no test.
 */
export const describeLab = (name: string, body: () => void, ...needs: readonly Need[]): void => {
  const reason = labMissing(...needs)
  if (reason === undefined) {
    describe(name, () => {
      // Starting a control plane takes seconds, more on a busy machine.
      setDefaultTimeout(60_000)
      beforeAll(() => prepareLab(...needs), 60 * 60_000)
      body()
    })
  } else if (process.env.CI === 'true') {
    test(name, () => {
      throw new Error(`the lab cannot run: ${reason}`)
    })
  } else {
    test.skip(`${name}: skipped, because ${reason}`, () => undefined)
  }
}
