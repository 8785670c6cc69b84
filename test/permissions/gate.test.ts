import { beforeAll, expect, test } from 'bun:test'
import type { Rule } from '../../src/install/rules.ts'
import { put } from '../cluster/support/world.ts'
import { describeLab } from '../lab/suite.ts'
import { permissionsOf, without } from './support/permission.ts'
import {
  accountWith,
  home,
  type Installed,
  installedPlane,
  kubeconfigFor,
  printed,
  runWith,
} from './support/plane.ts'
import { clearScene, world } from './support/scene.ts'

/** What `srouter gate` needs beside ExternalDNS: the role srouter-gate that `install` prints. */
describeLab('the gate, with the role that install prints', () => {
  let installed: Installed
  let rules: readonly Rule[]
  beforeAll(async () => {
    installed = await installedPlane()
    const { plane } = installed
    await clearScene(plane)
    await put(plane, await world())
    expect(await runWith(plane.kubeconfig(), ['run', '--once'])).toMatchObject({ code: 0 })
    rules = (await printed()).find(({ metadata }) => metadata.name === 'srouter-gate')
      ?.rules as readonly Rule[]
  }, 120_000)

  /** The gate as an account that may do this and nothing else, and what it was allowed and refused. */
  const gate = async (name: string, may: readonly Rule[]) => {
    await installed.plane.applyManifests(accountWith(name, { cluster: may, home: [] }))
    const ended = await runWith(await kubeconfigFor(installed, `${home}/${name}`), [
      'gate',
      '--timeout',
      '1s',
    ])
    const uses = installed.audit.uses(`${home}/${name}`)
    const answered = (isRefused: boolean) => [
      ...new Set(uses.flatMap(use => ((use.code === 403) === isRefused ? (use.permission ?? []) : []))),
    ]
    return { ended, allowed: answered(false).sort(), refused: answered(true) }
  }

  test('opens, and uses exactly what it is granted', async () => {
    const { ended, allowed, refused } = await gate('gate', rules)
    expect([ended.code, ended.err]).toEqual([0, ''])
    expect([refused, allowed]).toEqual([[], [...permissionsOf(rules)]])
  })

  test('stays closed without any one of them', async () => {
    for (const [index, missing] of permissionsOf(rules).entries()) {
      const { ended, refused } = await gate(`gate-${index}`, without(rules, missing))
      expect([missing, ended.code, refused]).toEqual([missing, 7, [missing]])
      expect(ended.err).toContain(`not allowed to ${missing}`)
    }
  })
})
