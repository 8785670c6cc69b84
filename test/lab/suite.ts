import { beforeAll, describe, setDefaultTimeout, test } from 'bun:test'
import { installSystemTool, type SystemTool, systemToolMissing } from './system.ts'
import { labMissing, type Need, prepareLab } from './tools.ts'

/** `describe` for tests that need the lab, and `needs` beside it. Makes first what is missing. */
export const describeLab = (name: string, body: () => void, ...needs: readonly Need[]): void =>
  describeWhere(
    name,
    labMissing(...needs),
    () => prepareLab(...needs),
    () => {
      // Starting a control plane takes seconds, more on a busy machine.
      setDefaultTimeout(60_000)
      body()
    },
  )

/** `describe` for tests that need a program of the system's packages. Installs it first where it may. */
export const describeWith = (tool: SystemTool, name: string, body: () => void): void =>
  describeWhere(name, systemToolMissing(tool), () => installSystemTool(tool), body)

/**
 * Where `reason` says that they cannot run, the tests are skipped, with the reason, and in CI they fail: a test that nobody
 * notices is no test.
 */
export const describeWhere = (
  name: string,
  reason: string | undefined,
  prepare: () => Promise<void>,
  body: () => void,
): void => {
  if (reason === undefined) {
    describe(name, () => {
      beforeAll(prepare, 60 * 60_000)
      body()
    })
  } else if (process.env.CI === 'true') {
    test(name, () => {
      throw new Error(`this cannot run: ${reason}`)
    })
  } else {
    test.skip(`${name}: skipped, because ${reason}`, () => undefined)
  }
}
