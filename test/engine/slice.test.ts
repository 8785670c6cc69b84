import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { KubeObject } from '../../src/api/object.ts'
import { indexCurrent, publishersOf, routeOwner, routeOwnerKey } from '../../src/engine/current.ts'
import { reconcileSlice } from '../../src/engine/slice.ts'
import { defaultSettings } from '../../src/engine/snapshot.ts'
import { applied, run } from './build.ts'
import { worlds } from './worlds.ts'

/**
 * Every route whose host or object name could meet those of `route`, or of one that meets it: here simply all of its
 * host's and namespace's, and theirs in turn.
 */
const closure = (
  all: readonly KubeObject[],
  route: KubeObject,
  current: readonly KubeObject[],
): readonly KubeObject[] => {
  const claim = (o: KubeObject): string => {
    const { serviceName, environment, application } = o.spec as Record<string, string>
    return `${serviceName}-ns-${environment}-${application}`
  }
  const owners = publishersOf(current.filter(o => o.kind === 'DNSEndpoint'))
  const publishes = (o: KubeObject, host: string): boolean =>
    [...owners].some(([name, by]) => name.startsWith(host.replace('-ns-', '-ns-p-')) && by.has(key(o)))
  const meets = (one: KubeObject, other: KubeObject): boolean =>
    claim(one) === claim(other) ||
    one.metadata.namespace === other.metadata.namespace ||
    publishes(one, claim(other)) ||
    publishes(other, claim(one))
  const routes = all.filter(o => o.kind === 'ServiceRoute')
  let found: readonly KubeObject[] = [route]
  for (;;) {
    const more = routes.filter(candidate => found.some(known => meets(candidate, known)))
    if (more.length === found.length) return more
    found = more
  }
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
      // Routes that are gone as well: their objects may have the names that others want.
      const namespaces = new Set(routes.map(o => o.metadata.namespace))
      const theirs = current.filter(o => o.kind === 'DNSEndpoint' && namespaces.has(o.metadata.namespace))
      const owners = new Set([...routes.map(key), ...theirs.flatMap(o => routeOwner(o) ?? [])])
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
