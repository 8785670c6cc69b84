import { test, beforeAll, afterAll, expect } from 'bun:test'
import { platform } from '/work/main/test/engine/build.ts'
import { startControlPlane } from '/work/main/test/lab/cluster.ts'
import { allCrds } from '/work/main/test/lab/crds.ts'
import { withNamespaces } from '/work/main/test/cluster/support/plane.ts'
import { put, putRoutes } from '/work/main/test/cluster/support/world.ts'
test('x', async () => {
  const t = (l: string, s: number) => console.log(l, ((performance.now() - s) / 1000).toFixed(1))
  let s = performance.now()
  const plane = await startControlPlane({ manifests: await allCrds() })
  await plane.kill('controllerManager')
  await withNamespaces(plane); t('start', s); s = performance.now()
  await put(plane, platform()); t('put', s); s = performance.now()
  const c0 = process.cpuUsage()
  await putRoutes(plane, 5000); t('routes', s); console.log(process.cpuUsage(c0)); s = performance.now()
  for (const a of [['apply','--auto-approve'],['plan']]) {
    const p = Bun.spawn(['/work/main/dist/srouter', ...a, '--kubeconfig', plane.kubeconfig()], { stdout: 'pipe', stderr: 'pipe' , env: {PATH: process.env.PATH ?? ''}})
    const o = await p.stdout.text(); await p.exited
    t(a[0] ?? '', s); const r = p.resourceUsage(); console.log(o.slice(-100), r?.cpuTime, r?.maxRSS); s = performance.now()
  }
  await plane.stop()
}, 300000)
