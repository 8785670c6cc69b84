import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commands } from '../../src/cli/commands/index.ts'
import { runInMemory } from '../cli/host.ts'
import { parsePage, section } from '../docs/markdown.ts'
import { root } from '../executable/process.ts'
import { describeLab } from '../lab/suite.ts'
import { chartOf, helm, helmPrints, templated } from './support/helm.ts'

const defaults = { gatewayName: 'internal', environment: 'prod', application: 'shop' }
const names = (length: number) => ({ serviceName: 'a'.repeat(length - 10), environment: 'b'.repeat(10) })

const validated = async (manifests: readonly object[]) =>
  runInMemory(['validate', '-f', '-'], commands, {
    stdin: manifests.map(manifest => JSON.stringify(manifest)).join('\n---\n'),
  })

describeLab(
  'the chart srouter-routes',
  () => {
    test('has nothing for the linter to say', async () => {
      expect(await helmPrints(['lint', '--strict', chartOf('srouter-routes')])).toContain('0 chart(s) failed')
    })

    test('makes a policy and routes', async () => {
      const values = {
        defaults: { ...defaults, gatewayNamespace: 'ingress' },
        routes: {
          api: {},
          web: { serviceName: 'www', gatewayName: 'external', environment: 'test', application: 'front' },
          near: { gatewayNamespace: 'istio-system' },
        },
        policy: { mode: 'RegionBound', sourceRegion: 'weu', sourceCluster: 'aks01' },
      }
      const made = await templated('srouter-routes', values, 'shop')
      expect(made.map(({ kind, metadata, spec }) => [kind, metadata.name, metadata.namespace, spec])).toEqual(
        [
          ['DNSPolicy', 'dns-policy', 'shop', values.policy],
          ['ServiceRoute', 'api', 'shop', { serviceName: 'api', ...values.defaults }],
          [
            'ServiceRoute',
            'near',
            'shop',
            { serviceName: 'near', ...values.defaults, ...values.routes.near },
          ],
          ['ServiceRoute', 'web', 'shop', { ...values.defaults, ...values.routes.web }],
        ],
      )
    })

    test('makes what the documents show', async () => {
      const page = {
        path: 'docs/installation.md',
        text: readFileSync(join(root, 'docs/installation.md'), 'utf8'),
      }
      const [values] = parsePage(page.path, section(page, '### For application teams')).blocks
      const made = await templated('srouter-routes', Bun.YAML.parse(values?.text ?? '') as object, 'shop')
      expect(made.map(({ kind }) => kind)).toEqual(['DNSPolicy', 'ServiceRoute', 'ServiceRoute'])
      expect((await validated(made)).code).toBe(0)
    })

    test.each([
      ['nothing but a policy', {}],
      ['no policy', { defaults, policy: { enabled: false }, routes: { api: {} } }],
      ['routes without defaults', { routes: { api: defaults } }],
      [
        'values that look like something else',
        {
          defaults: { ...defaults, environment: '1', application: 'no' },
          routes: { '2024': {}, y: { serviceName: 'null' } },
        },
      ],
      ['a host of full length', { defaults, routes: { long: { ...names(52), application: 'shop' } } }],
      ['a region alone', { policy: { mode: 'RegionBound', sourceRegion: 'weu' } }],
      ['as part of another chart', { defaults, routes: { api: {} }, global: { x: 1 } }],
    ])('makes what validate takes: %s', async (_, values) => {
      const made = await templated('srouter-routes', values, 'shop')
      const { code, err } = await validated(made)
      expect([code, err.includes('error')]).toEqual([0, false])
    })

    describe('refuses', () => {
      test.each<[values: object, said: string]>([
        [{ routes: { api: { ...defaults, gatewayName: '' } } }, "at '/routes/api/gatewayName'"],
        [
          { defaults: { environment: 'prod', application: 'shop' }, routes: { api: {} } },
          'routes.api has no gatewayName: say it there, or for all routes in defaults.gatewayName',
        ],
        [{ routes: { api: { gatewayName: 'a', application: 'a' } } }, 'routes.api has no environment'],
        [{ routes: { api: { gatewayName: 'a', environment: 'a' } } }, 'routes.api has no application'],
        [{ defaults, routes: { api: null } }, "at '/routes/api': got null, want object"],
        [{ defaults, routes: { Api: {} } }, "invalid propertyName 'Api'"],
        [{ defaults, routes: { api: { gateway: 'a' } } }, "additional properties 'gateway' not allowed"],
        [{ defaults, routes: [{ name: 'api' }] }, "at '/routes': got array, want object"],
        [{ defaults: { ...defaults, environment: 'a.b' }, routes: {} }, "at '/defaults/environment'"],
        [{ defaults: { ...defaults, environment: 1 }, routes: {} }, 'got number, want string'],
        [{ policy: { mode: 'Passive' } }, "at '/policy/mode'"],
        [{ policy: { mode: 'RegionBound' } }, 'say in policy.sourceRegion or policy.sourceCluster'],
        [
          { defaults, routes: { long: { ...names(53), application: 'shop' } } },
          'routes.long: serviceName, environment and application together have 57 characters, and may have 56',
        ],
      ])('%j', async (values, said) => {
        const { code, err } = await helm(['template', 'release', chartOf('srouter-routes')], values)
        expect([code, err]).toEqual([1, expect.stringContaining(said)])
      })
    })
  },
  'helm',
)
