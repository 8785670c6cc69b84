import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { KubeObject } from '../../src/api/object.ts'
import { indexCurrent, publishersOf, routeOwner, routeOwnerKey } from '../../src/engine/current.ts'
import { reconcileSlice } from '../../src/engine/slice.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { applied, run } from './build.ts'
import { worlds } from './worlds.ts'

/** Every route whose host or object name could meet those of `route`: here simply all of its host's and namespace's. */
const closure = (
  all: readonly KubeObject[],
  route: KubeObject,
  current: readonly KubeObject[],
): KubeObject[] => {
  const claim = (o: KubeObject): string => {
    const { serviceName, environment, application } = o.spec as Record<string, string>
    return `${serviceName}-ns-${environment}-${application}`
  }
  const owners = publishersOf(current.filter(o => o.kind === 'DNSEndpoint'))
  const publish = (o: KubeObject): boolean =>
    [...owners].some(
      ([host, by]) => host.startsWith(claim(route).replace('-ns-', '-ns-p-')) && by.has(key(o)),
    )
  return all.filter(
    o =>
      o.kind === 'ServiceRoute' &&
      (claim(o) === claim(route) || o.metadata.namespace === route.metadata.namespace || publish(o)),
  )
}

const key = ({ metadata: { namespace = '', name } }: KubeObject): string => routeOwnerKey({ namespace, name })

test('a slice of any world comes to what the whole comes to', () => {
  fc.assert(
    fc.property(worlds, worlds, (before, now) => {
      const current = applied(run(before))
      const whole = run(now, current)
      const route = now.find(o => o.kind === 'ServiceRoute')
      if (route === undefined || whole.plan.summary.held > 0) return
      const routes = closure(now, route, current)
      const owners = new Set(routes.map(key))
      const isTheirs = (o: KubeObject | undefined): boolean =>
        o?.kind === 'DNSEndpoint' && owners.has(routeOwner(o) ?? '')
      const { objects } = reconcileSlice({
        inputs: [...now.filter(o => o.kind !== 'ServiceRoute'), ...routes],
        current: indexCurrent(current.filter(isTheirs)),
        settings: defaultSettings,
      })
      const ofWhole = whole.plan.objects.filter(({ before: b, after: a }) => isTheirs(a ?? b))
      const shown = (changes: typeof objects) =>
        changes
          .map(
            ({ action, ref, after }) =>
              `${action} ${ref.namespace}/${ref.name} ${JSON.stringify(after?.spec)}`,
          )
          .sort()
      // An object that passes from one owner to another is an update in the whole and a creation in the slice.
      const settled = (lines: readonly string[]) =>
        lines.map(line => line.replace(/^(create|update|unchanged) /, 'write '))
      expect(settled(shown(objects))).toEqual(settled(shown(ofWhole)))
    }),
    { numRuns: 300 },
  )
})
