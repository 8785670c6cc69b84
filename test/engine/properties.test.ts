import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { dnsNameProblem } from '../../src/api/names.ts'
import { applied, changed, run, withStatuses } from './build.ts'
import { worlds as inputs } from './worlds.ts'

const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/
const objectName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

describe('for any input', () => {
  test('its order does not matter', () => {
    fc.assert(
      fc.property(
        inputs.chain(all =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          expect(JSON.stringify(run(shuffled).plan)).toBe(JSON.stringify(run(all).plan))
        },
      ),
    )
  })

  test('a plan that was carried out leaves nothing to do, from wherever it started', () => {
    fc.assert(
      fc.property(inputs, inputs, (one, two) => {
        const first = applied(run(one))
        const result = run(two, first)
        const after = applied(result, first)
        const again = run(withStatuses(two, result), after)
        expect(again.plan.objects.filter(o => o.action !== 'unchanged')).toEqual([])
        expect(changed(again).filter(line => !line.startsWith('held'))).toEqual([])
        expect(again.plan.summary.held).toBe(result.plan.summary.held)
      }),
    )
  })

  test('no two routes publish one host, from wherever it started', () => {
    fc.assert(
      fc.property(inputs, inputs, (one, two) => {
        const owners = new Map<string, string>()
        for (const record of run(two, applied(run(one))).plan.records) {
          if (record.action === 'delete' || record.source?.kind !== 'ServiceRoute' || record.reason !== '')
            continue
          const owner = `${record.source.namespace}/${record.source.name}`
          expect(owners.get(record.name) ?? owner).toBe(owner)
          owners.set(record.name, owner)
        }
      }),
    )
  })

  test.each(['ClusterIdentity', 'DNSConfiguration', 'DNSPolicy', 'Gateway'])(
    'a missing %s deletes nothing that routes need',
    kind => {
      fc.assert(
        fc.property(inputs, all => {
          const current = applied(run(all))
          const used = new Set(
            all
              .filter(o => o.kind === 'ServiceRoute')
              .map(o => (o.spec as { gatewayName: string }).gatewayName),
          )
          // A Gateway that no route names is its owner's to remove.
          const rest = all.filter(o => o.kind !== kind || (kind === 'Gateway' && !used.has(o.metadata.name)))
          const { records } = run(rest, current).plan
          const gone = records.filter(r => r.action === 'delete')
          if (kind !== 'Gateway') expect(gone).toEqual([])
          const targets = new Set(
            records.filter(r => r.type === 'CNAME' && r.action !== 'delete').flatMap(r => r.targets),
          )
          expect(gone.filter(r => r.source?.kind === 'ServiceRoute' || targets.has(r.name))).toEqual([])
        }),
      )
    },
  )

  test('every name and label is legal, and no two objects share a name', () => {
    fc.assert(
      fc.property(inputs, all => {
        const names = new Set<string>()
        const { plan } = run(all)
        for (const { after } of plan.objects) {
          if (after === undefined) continue
          const { name, namespace, labels = {} } = after.metadata
          expect(name).toMatch(objectName)
          expect(name.length).toBeLessThanOrEqual(253)
          for (const value of Object.values(labels)) {
            expect(value).toMatch(labelValue)
            expect(value.length).toBeLessThanOrEqual(63)
          }
          const key = `${after.kind}/${namespace}/${name}`
          expect(names.has(key)).toBe(false)
          names.add(key)
        }
        for (const record of plan.records) expect(dnsNameProblem(record.name)).toBeUndefined()
      }),
    )
  })
})
