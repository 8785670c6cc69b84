import { beforeAll, expect, test } from 'bun:test'
import type { Rule } from '../../src/install/rules.ts'
import { describeLab } from '../lab/suite.ts'
import { waitFor } from '../lab/wait.ts'
import { type RunningDaemon, startDaemon } from './support/daemon.ts'
import { permissionsOf, without } from './support/permission.ts'
import {
  accountBoundTo,
  accountWith,
  home,
  type Installed,
  installedPlane,
  kubeconfigFor,
  kubectlApply,
  printed,
} from './support/plane.ts'

/** What a daemon with `--metrics-secure` needs to know who calls: the role that `install` prints with that flag. */
describeLab('metrics for those alone whom the API server lets', () => {
  let installed: Installed
  let rules: readonly Rule[]
  let token: (name: string) => Promise<string>
  beforeAll(async () => {
    installed = await installedPlane()
    const { plane } = installed
    const roles = (await printed('--metrics-secure')).filter(({ kind }) => kind === 'ClusterRole')
    await kubectlApply(plane, roles)
    rules = roles.find(({ metadata }) => metadata.name === 'srouter-metrics-auth')?.rules as readonly Rule[]
    await plane.applyManifests([
      ...accountBoundTo('other', 'reader', ['srouter-metrics-reader'], 'cluster'),
      ...accountBoundTo('other', 'stranger', []),
    ])
    token = name => plane.serviceAccountToken('other', name)
  }, 120_000)

  /** Of a daemon that may do this and, for the rest, nothing. */
  const serving = async (name: string, may: readonly Rule[]): Promise<RunningDaemon> => {
    await installed.plane.applyManifests(accountWith(name, { cluster: may, home: [] }))
    const kubeconfig = await kubeconfigFor(installed, `${home}/${name}`)
    return startDaemon(kubeconfig, '--leader-elect=false', '--metrics-secure')
  }

  const used = (name: string, code: number): readonly string[] =>
    installed.audit
      .uses(`${home}/${name}`)
      .filter(use => use.code === code)
      .flatMap(({ permission }) => permission ?? [])

  test('a caller needs srouter-metrics-reader', async () => {
    await using daemon = await serving('metrics', rules)
    // The role takes a moment to be known.
    await waitFor(async () => (await daemon.ask('metrics', '/metrics', await token('reader'))) === 200, {
      what: 'the metrics',
    })
    expect(await daemon.ask('metrics', '/metrics', await token('stranger'))).toBe(403)
    expect(await daemon.ask('metrics', '/metrics', 'no-token')).toBe(401)
    expect(await daemon.ask('metrics', '/metrics')).toBe(401)
    expect([...new Set(used('metrics', 201))].sort()).toEqual([...permissionsOf(rules)])
  })

  test.each([
    'create subjectaccessreviews.authorization.k8s.io',
    'create tokenreviews.authentication.k8s.io',
  ])('without "%s" nobody sees them', async missing => {
    const name = `without-${missing.split(/[ .]/)[1]}`
    await using daemon = await serving(name, without(rules, missing))
    expect(await daemon.ask('metrics', '/metrics', await token('reader'))).not.toBe(200)
    expect(used(name, 403)).toContain(missing)
  })
})
