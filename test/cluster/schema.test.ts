import { beforeAll, describe, expect, test } from 'bun:test'
import type { CelRule } from '../../src/api/cel.ts'
import { routerKinds } from '../../src/api/kinds.ts'
import { type KubeObject, refOf } from '../../src/api/object.ts'
import { accepted } from '../api/accepted.ts'
import { rejected } from '../api/rejected.ts'
import type { Reply } from '../lab/client.ts'
import type { ControlPlane } from '../lab/cluster.ts'
import { describeLab } from '../lab/suite.ts'
import { clear, clusterPlane, withNamespaces } from './support/plane.ts'
import { isStrict } from './support/server.ts'

interface Answer {
  readonly message?: string
  readonly details?: { readonly causes?: readonly { readonly message?: string }[] }
}

/** What could be said; a name that no spec makes is refused besides, where the spec is. */
const rulesOf = (kind: string, server: string): readonly Pick<CelRule, 'message'>[] => {
  const found = routerKinds.find(candidate => candidate.kind === kind)
  if (server === 'name') return found?.nameRule === undefined ? [] : [found.nameRule]
  return found?.rules ?? []
}

/** The rows that `validate` is tested with offline (test/cli, test/engine), created as a dry run on a real API server. */
describeLab("what the CRDs' schemas and CEL say of the rows of test/api", () => {
  let plane: ControlPlane
  beforeAll(async () => {
    plane = await clusterPlane()
    await clear(plane)
    const objects = [...accepted, ...rejected].flatMap(row => [row.object, ...(row.beside ?? [])])
    await withNamespaces(plane, [...new Set(objects.flatMap(object => object.metadata.namespace ?? []))])
  }, 120_000)

  const create = async (object: KubeObject, validation = 'Warn'): Promise<Reply<Answer>> => {
    const path = await plane.pathOf(refOf(object), 'collection')
    return plane.request('POST', `${path}?dryRun=All&fieldValidation=${validation}`, object)
  }

  describe('refused', () => {
    for (const { kind, what, object, server } of rejected) {
      if (typeof server !== 'string' || (server !== 'schema' && !isStrict)) continue
      test(`${kind}: ${what} (${server})`, async () => {
        const { status, body } = await create(object)
        expect(status).toBe(422)
        const said = rulesOf(kind, server).filter(({ message }) => body.message?.includes(message))
        expect([said.length > 0, body.message]).toEqual([server !== 'schema', body.message])
      })
    }
  })

  describe('accepted, because only validate can see it', () => {
    for (const { kind, what, object, server, code } of rejected) {
      if (typeof server === 'string') continue
      test(`${kind}: ${what} (${server.why})`, async () => {
        expect(await create(object)).toMatchObject({ status: 201 })
        if (code !== 'UnknownField' || !isStrict) return
        const strict = await create(object, 'Strict')
        expect([strict.status, strict.body.message]).toEqual([400, expect.stringContaining('unknown field')])
      })
    }
  })

  describe('accepted', () => {
    const beside = [...accepted, ...rejected].flatMap(({ what, beside = [] }) =>
      beside.map(object => ({ kind: object.kind, what: `beside ${what}`, object })),
    )
    for (const { kind, what, object } of [...accepted, ...beside])
      test(`${kind}: ${what}`, async () => {
        expect(await create(object)).toMatchObject({ status: 201 })
      })
  })
})
