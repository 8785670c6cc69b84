import { beforeAll, beforeEach, expect, test } from 'bun:test'
import { platform, route } from '../engine/build.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { clear, clusterPlane } from './support/plane.ts'
import { type Srouter, srouterOn } from './support/srouter.ts'
import { versions } from './support/state.ts'
import { ctrlC, ctrlD, inTerminal } from './support/terminal.ts'
import { put } from './support/world.ts'

describeLab('the question before an apply', () => {
  let plane: ControlPlane
  let srouter: Srouter
  beforeAll(async () => {
    plane = await clusterPlane()
    srouter = srouterOn(plane)
  }, 120_000)
  beforeEach(async () => {
    await clear(plane)
    await put(plane, [...platform(), route('app', 'api')])
  }, 60_000)

  const asking = () => inTerminal(['apply', '--kubeconfig', srouter.kubeconfig])
  const question = 'Only "yes" will do: '

  test('yes: it is done, with a count of what is written', async () => {
    const terminal = asking()
    await terminal.until(question)
    expect(terminal.shown().split(question)[0]).toContain('Plan: 3 to add, 0 to change, 0 to delete')
    terminal.type('yes\r')
    expect(await terminal.exited).toBe(0)
    expect(terminal.shown()).toContain('4 of 4 written')
    expect(terminal.shown()).toContain('Applied: 4 objects written')
    expect(await srouter.plan()).toMatchObject({ code: 0 })
  })

  for (const answer of ['no', 'y', 'YES', ''])
    test(`"${answer}": nothing is written`, async () => {
      const before = await versions(plane)
      const terminal = asking()
      await terminal.until(question)
      terminal.type(`${answer}\r`)
      expect(await terminal.exited).toBe(130)
      expect(terminal.shown()).toContain('not applied: nothing was written')
      expect(await versions(plane)).toEqual(before)
    })

  for (const [name, keys] of [
    ['Ctrl-C', ctrlC],
    ['Ctrl-D', ctrlD],
  ] as const)
    test(`${name}: nothing is written`, async () => {
      const before = await versions(plane)
      const terminal = asking()
      await terminal.until(question)
      terminal.type(keys)
      expect(await terminal.exited).toBe(130)
      expect(terminal.shown()).toContain('nothing was written')
      expect(await versions(plane)).toEqual(before)
    })

  test('where nothing is to do, nothing is asked', async () => {
    await srouter.apply()
    const terminal = asking()
    expect(await terminal.exited).toBe(0)
    expect(terminal.shown()).not.toContain(question)
  })

  test('--auto-approve asks nothing on a terminal either', async () => {
    const terminal = inTerminal(['apply', '--auto-approve', '--kubeconfig', srouter.kubeconfig])
    expect(await terminal.exited).toBe(0)
    expect(terminal.shown()).not.toContain(question)
  })

  test('without a terminal and without --auto-approve: usage, and nothing is written', async () => {
    const before = await versions(plane)
    for (const stdin of ['', 'yes\n']) {
      const { code, out, err } = await srouter.run(['apply'], { stdin })
      expect([code, out]).toEqual([64, ''])
      expect(err).toContain('there is no terminal to ask on')
      expect(err).toContain('--auto-approve')
    }
    expect(await versions(plane)).toEqual(before)
  })
})
