import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { ClusterIdentitySpec } from '../../src/api/cluster-identity.ts'
import type { IstioGatewaySpec } from '../../src/api/foreign.ts'
import type { GatewaySpec } from '../../src/api/gateway.ts'
import type { KubeObject } from '../../src/api/object.ts'
import type { ToldGateway } from '../../src/import/request.ts'
import { applied, run } from '../engine/build.ts'
import { worlds } from '../engine/worlds.ts'
import { disowned, imported, linesOf, remade } from './support.ts'

const platformKinds = new Set(['ClusterIdentity', 'DNSConfiguration', 'Gateway'])

/**
 * What somebody would have who has written by hand all that srouter makes of a world. The addresses under names of their
 * own: srouter could not write them beside.
 */
const byHand = (world: readonly KubeObject[]): readonly KubeObject[] =>
  applied(run(world)).map((made, index) => {
    const { metadata, ...rest } = disowned(made)
    const isAddress = metadata.labels?.['router.io/resource-type'] !== undefined
    return { ...rest, metadata: isAddress ? { ...metadata, name: `addresses-${index}` } : metadata }
  })

/** No Istio Gateway says what a Gateway is whose hosts are none. */
const unused = (world: readonly KubeObject[]): readonly ToldGateway[] =>
  world
    .filter(({ kind, spec }) => kind === 'Gateway' && !serves(world, (spec as GatewaySpec).controller))
    .map(({ spec }) => spec as GatewaySpec)

const serves = (world: readonly KubeObject[], controller: string): boolean =>
  byHand(world).some(
    ({ apiVersion, spec }) =>
      apiVersion.startsWith('networking.istio.io/') &&
      (spec as IstioGatewaySpec).selector?.istio === controller,
  )

const identityIn = (world: readonly KubeObject[]): ClusterIdentitySpec =>
  world.find(({ kind }) => kind === 'ClusterIdentity')?.spec as ClusterIdentitySpec

const records = (world: readonly KubeObject[]): readonly string[] => linesOf(run(world).plan.records)

const withoutNotes = (findings: readonly { readonly code: string; readonly message: string }[]) =>
  findings.filter(({ code }) => !['TTLDiffers', 'AdditionalRecord', 'IstioGatewayKept'].includes(code))

const runs = { numRuns: Number(process.env.SROUTER_TEST_RUNS ?? 100) }

describe('what srouter would make of any resources, made by hand', () => {
  test('is imported to the last record, with nothing known but services and which cluster it is', () => {
    fc.assert(
      fc.property(worlds, world => {
        const services = world.filter(({ kind }) => kind === 'Service')
        const { region, cluster, domain, environmentLetter } = identityIn(world)
        const result = imported([...services, ...byHand(world)], {
          region,
          cluster,
          domain,
          environmentLetter,
          gateways: unused(world),
        })
        expect(withoutNotes(result.findings)).toEqual([])
        expect(result.records.filter(({ reproduced }) => !reproduced)).toEqual([])
        expect(remade(result, services)).toEqual([...records(world)])
      }),
      runs,
    )
  })

  test('is imported to the last record where the platform is there already', () => {
    fc.assert(
      fc.property(worlds, world => {
        const known = world.filter(({ kind }) => kind === 'Service' || platformKinds.has(kind))
        const result = imported([...known, ...byHand(world)])
        expect(withoutNotes(result.findings)).toEqual([])
        expect(result.records.filter(({ reproduced }) => !reproduced)).toEqual([])
      }),
      runs,
    )
  })

  test('needs nothing more where the resources are there as well', () => {
    fc.assert(
      fc.property(worlds, world => {
        const result = imported([...world, ...byHand(world)])
        expect(result.proposal).toEqual([])
      }),
      runs,
    )
  })
})
