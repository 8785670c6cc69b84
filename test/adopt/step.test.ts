import { describe, expect, test } from 'bun:test'
import { nextFor } from '../../src/adopt/next.ts'
import { ownershipEndpoints } from '../../src/adopt/objects.ts'
import type { Step } from '../../src/adopt/step.ts'
import { label } from '../../src/api/labels.ts'
import type { KubeObject } from '../../src/api/object.ts'
import { policy, route, run } from '../engine/build.ts'
import {
  addresses,
  deployment,
  elsewhere,
  endpointsFor,
  gateways,
  host,
  inputsOf,
  oldOwned,
  owned,
  progressIn,
  published,
  registry,
  routes,
  type Scene,
  single,
  target,
  txt,
} from './scene.ts'

interface Row extends Scene {
  readonly what: string
  readonly step: Step
  /** What is said, run or given as argument, in this order; what a text begins with is enough. */
  readonly next: readonly string[]
}

const all = [...published, ...oldOwned, ...owned]

const rows: readonly Row[] = [
  {
    what: 'no name server',
    controller: { nameservers: [], txtPrefix: 'srr-', gatewayTxtPrefix: 'srgw-' },
    step: 'prepare',
    next: ['the controller external-dns-weu has no nameservers'],
  },
  {
    what: 'no prefix at all',
    controller: {},
    step: 'prepare',
    next: [
      'the controller external-dns-weu has no txtPrefix: set one for routes',
      'the controller external-dns-weu has no gatewayTxtPrefix of its own: set one for gateways',
    ],
  },
  {
    what: 'the prefix of the old instance',
    controller: { txtPrefix: 'sr-' },
    deployments: [single()],
    step: 'prepare',
    next: [
      'txtPrefix sr- is in use by the instance that writes both: set one for routes in DNSConfiguration that nobody has used in this zone, such as srr-',
      'the controller external-dns-weu has no gatewayTxtPrefix of its own: set one for gateways in DNSConfiguration that nobody has used in this zone, such as srgw-',
    ],
  },
  {
    what: 'one prefix for both',
    controller: { txtPrefix: 'srr-', gatewayTxtPrefix: 'srr-' },
    step: 'prepare',
    next: ['the controller external-dns-weu has no gatewayTxtPrefix of its own'],
  },
  {
    what: 'a zone that does not answer',
    deployments: [single()],
    isSilent: true,
    step: 'unread',
    next: ['the zone cannot be read: 10.0.0.53 does not answer'],
  },
  {
    what: 'the old instance alone',
    deployments: [single()],
    zone: [...published, ...oldOwned],
    step: 'open',
    next: ['let Deployment dns/old manage TXT as well, and change nothing else', ...addresses, txt],
  },
  {
    what: 'no instance at all',
    zone: [...published, ...oldOwned],
    step: 'open',
    next: [
      'no instance that has the DNSEndpoints of gateways runs: start the new one, for now with TXT as well',
      '--source=crd',
      '--crd-source-apiversion=externaldns.k8s.io/v1alpha1',
      '--crd-source-kind=DNSEndpoint',
      '--label-filter=router.io/region=weu,router.io/resource-type=gateway-service',
      '--domain-filter=aks.example.com',
      ...['A', 'AAAA', 'CNAME', 'TXT'].map(type => `--managed-record-types=${type}`),
      '--policy=upsert-only',
      '--registry=txt',
      '--txt-owner-id=zone-weu',
      '--txt-prefix=srgw-',
    ],
  },
  {
    what: 'the old instance, with TXT',
    deployments: [single(txt)],
    zone: [...published, ...oldOwned],
    step: 'write',
    next: ['write the ownership records', 'srouter adopt | kubectl apply -f -'],
  },
  {
    what: 'ownership that is applied and not published',
    deployments: [single(txt)],
    zone: [...published, ...oldOwned, 'srgw-a-aks01-weu-internal TXT zone-weu'],
    applied: true,
    step: 'wait',
    next: ['wait for a cycle of Deployment dns/old (1m0s)'],
  },
  {
    what: 'ownership that is published',
    deployments: [single(txt)],
    zone: all,
    applied: true,
    step: 'clear',
    next: [
      'the zone has all ownership',
      'kubectl delete dnsendpoints --all-namespaces -l router.io/adopt=ownership,router.io/controller=external-dns-weu',
    ],
  },
  {
    what: 'ownership, and the new instances not there',
    deployments: [single(txt)],
    zone: all,
    step: 'switch',
    next: [
      'stop the old instance, Deployment dns/old',
      'kubectl -n dns scale deployment old --replicas=0',
      'start an instance for routes',
      '--source=crd',
      '--crd-source-apiversion=externaldns.k8s.io/v1alpha1',
      '--crd-source-kind=DNSEndpoint',
      '--label-filter=router.io/region=weu,router.io/serviceroute',
      '--domain-filter=aks.example.com',
      '--managed-record-types=CNAME',
      '--policy=sync',
      '--registry=txt',
      '--txt-owner-id=aks01-weu',
      '--txt-prefix=srr-',
      'start an instance for gateways',
      '--source=crd',
      '--crd-source-apiversion=externaldns.k8s.io/v1alpha1',
      '--crd-source-kind=DNSEndpoint',
      '--label-filter=router.io/region=weu,router.io/resource-type=gateway-service',
      '--domain-filter=aks.example.com',
      ...['A', 'AAAA', 'CNAME'].map(type => `--managed-record-types=${type}`),
      '--policy=upsert-only',
      '--registry=txt',
      '--txt-owner-id=zone-weu',
      '--txt-prefix=srgw-',
    ],
  },
  {
    what: 'the new instances there and stopped',
    deployments: [single(txt), routes(0), gateways(0)],
    zone: all,
    step: 'switch',
    next: [
      'stop the old instance, Deployment dns/old',
      'kubectl -n dns scale deployment old --replicas=0',
      'start the new one, Deployment dns/routes',
      'kubectl -n dns scale deployment routes --replicas=1',
      'start the new one, Deployment dns/gateways',
      'kubectl -n dns scale deployment gateways --replicas=1',
    ],
  },
  {
    what: 'one that selects routes, and is set up otherwise',
    deployments: [
      deployment('routes', 'routes', ['--policy=upsert-only', ...registry('zone-weu', 'sr-')]),
      gateways(),
    ],
    zone: all,
    step: 'switch',
    next: [
      'set these arguments of Deployment dns/routes, all in one edit',
      '--managed-record-types=CNAME',
      '--policy=sync',
      '--txt-owner-id=aks01-weu',
      '--txt-prefix=srr-',
    ],
  },
  {
    what: 'the new instances beside the old one',
    deployments: [single(), routes(), gateways()],
    zone: all,
    step: 'switch',
    next: ['stop the old instance, Deployment dns/old', 'kubectl -n dns scale deployment old --replicas=0'],
  },
  {
    what: 'a host that the old instance has made in the last moment',
    deployments: [routes(), gateways()],
    zone: [...published, ...oldOwned, 'srgw-a-aks01-weu-internal TXT zone-weu'],
    step: 'open',
    next: ['let Deployment dns/gateways manage TXT as well', ...addresses, txt],
  },
  {
    what: 'TXT that is managed still',
    deployments: [routes(), gateways(1, txt)],
    zone: all,
    step: 'close',
    next: ['TXT is not needed any more: let Deployment dns/gateways manage these types alone', ...addresses],
  },
  { what: 'all of it', deployments: [routes(), gateways()], zone: all, step: 'done', next: [] },
  { what: 'an empty zone', deployments: [routes(), gateways()], step: 'done', next: [] },
  {
    what: 'owner ids of one’s own',
    deployments: [
      deployment('r', 'routes', [
        '--policy=sync',
        ...registry('mine', 'srr-'),
        '--managed-record-types=CNAME',
      ]),
      deployment('g', 'gateways', ['--policy=upsert-only', ...registry('ours', 'srgw-')]),
    ],
    zone: [...published, 'srgw-a-aks01-weu-internal TXT ours', 'srr-cname-web-ns-p-prod-shop TXT mine'],
    step: 'done',
    next: [],
  },
  {
    what: 'a prefix that belongs to somebody else',
    deployments: [single(txt)],
    zone: [
      ...published,
      'srgw-a-aks01-weu-internal TXT zone-weu',
      'srr-cname-web-ns-p-prod-shop TXT another',
    ],
    step: 'mistaken',
    next: [
      'ExternalDNS makes a TXT record and never changes it',
      'a record says owner another, and not owner aks01-weu: srr-cname-web-ns-p-prod-shop.aks.example.com TXT',
    ],
  },
  {
    what: 'a text that is no ownership record',
    deployments: [single(txt)],
    zone: [...published, 'srgw-a-aks01-weu-internal TXT v=spf1'],
    step: 'mistaken',
    next: [
      'ExternalDNS makes a TXT record and never changes it',
      'a record says v=spf1, and not owner zone-weu',
    ],
  },
  {
    what: 'two texts under one name',
    deployments: [single(txt)],
    zone: [...published, 'srgw-a-aks01-weu-internal TXT zone-weu', 'srgw-a-aks01-weu-internal TXT zone-neu'],
    step: 'mistaken',
    next: ['ExternalDNS makes a TXT record and never changes it', 'a record says heritage=external-dns'],
  },
  {
    what: 'a host that leads to another cluster, which owns it',
    deployments: [routes(), gateways()],
    zone: [
      'aks01-weu-internal A 10.0.0.1',
      'srgw-a-aks01-weu-internal TXT zone-weu',
      'web-ns-p-prod-shop CNAME aks01-neu-internal.aks.example.com',
      'srr-cname-web-ns-p-prod-shop TXT aks01-neu',
    ],
    step: 'done',
    next: [],
  },
  {
    what: 'a claim that was released',
    deployments: [routes(), gateways()],
    zone: [...all, 'srouter-claim-aks01-weu CNAME released-e1.aks01-neu.srouter-claim.aks.example.com'],
    step: 'open',
    next: ['let Deployment dns/gateways manage TXT as well', ...addresses, txt],
  },
]

describe('the step of a zone', () => {
  for (const { what, step, next, ...scene } of rows)
    test(what, () => {
      const progress = progressIn(scene)
      expect(progress.step).toBe(step)
      const said = nextFor(progress).flatMap(todo => [todo.say, todo.run ?? [], todo.arguments ?? []].flat())
      expect(said.map((text, index) => text.slice(0, next[index]?.length ?? text.length))).toEqual([...next])
      expect(progress.dangers).toEqual([])
    })
})

const bound = [policy('billing', { mode: 'RegionBound', sourceRegion: 'neu' }), route('billing', 'pay')]
const others = [...all, `pay-ns-p-prod-billing CNAME aks01-neu-internal.aks.example.com`]

const here = [policy('billing'), route('billing', 'pay')]
const ours = [`pay-ns-p-prod-billing CNAME ${target}`]

describe('what an instance would delete', () => {
  const dangerRows: readonly (Scene & { readonly what: string; readonly says: readonly string[] })[] = [
    {
      what: 'routes with the old owner and prefix, sync, and addresses managed',
      deployments: [deployment('early', 'routes', ['--policy=sync', ...registry('zone-weu', 'sr-')], 0)],
      says: [
        `Deployment dns/early, once it is started, deletes a record of zone weu: ${target} A.`,
        'do not start it',
      ],
    },
    {
      what: 'the same, running, and without a policy, which is sync',
      deployments: [deployment('early', 'routes', registry('zone-weu', 'sr-'))],
      says: [
        `Deployment dns/early, which runs, deletes a record of zone weu: ${target} A.`,
        'stop it at once: kubectl -n dns scale deployment early --replicas=0',
      ],
    },
    {
      what: 'CNAME alone, and a host that another cluster publishes under the same owner',
      inputs: bound,
      zone: [...others, 'sr-cname-pay-ns-p-prod-billing TXT zone-weu'],
      deployments: [
        deployment('early', 'routes', [
          '--policy=sync',
          ...registry('zone-weu', 'sr-'),
          '--managed-record-types=CNAME',
        ]),
      ],
      says: [`Deployment dns/early, which runs, deletes a record of zone weu: ${elsewhere} CNAME.`],
    },
    {
      what: 'the same, where another owner has it',
      inputs: bound,
      zone: [...others, 'srr-cname-pay-ns-p-prod-billing TXT aks01-neu'],
      deployments: [routes()],
      says: [],
    },
    {
      what: 'gateways with the old owner and prefix, and sync',
      deployments: [deployment('early', 'gateways', ['--policy=sync', ...registry('zone-weu', 'sr-')])],
      says: [`Deployment dns/early, which runs, deletes a record of zone weu: ${host} CNAME.`],
    },
    {
      what: 'an instance for both that deletes nothing but what it published itself',
      deployments: [deployment('old', 'both', ['--policy=sync', ...registry('zone-weu', 'sr-')])],
      says: [],
    },
    {
      what: 'a label filter with a slip of the pen',
      deployments: [deployment('slip', 'slip', ['--policy=sync', ...registry('aks01-weu', 'srr-')])],
      says: [
        `Deployment dns/slip, which runs, deletes a record of zone weu: ${host} CNAME. It has the policy sync, and the zone says that it is owned by aks01-weu under the prefix srr-, as this instance is; but it finds no DNSEndpoint for it. It selects none for any zone`,
      ],
    },
    {
      what: 'one namespace, and routes in another',
      deployments: [
        deployment('narrow', 'routes', [
          '--policy=sync',
          ...registry('aks01-weu', 'srr-'),
          '--namespace=other',
        ]),
      ],
      says: [`Deployment dns/narrow, which runs, deletes a record of zone weu: ${host} CNAME.`],
    },
    {
      what: 'all namespaces but one, whose ownership is still to be written',
      inputs: here,
      zone: [...published, ...ours],
      deployments: [
        deployment('narrow', undefined, [
          '--label-filter=router.io/region=weu,router.io/serviceroute,router.io/source-namespace!=billing',
          '--policy=sync',
          ...registry('aks01-weu', 'srr-'),
        ]),
      ],
      says: [
        `Deployment dns/narrow, which runs, deletes a record of zone weu: ${elsewhere} CNAME. It has the policy sync, and the zone will say, once ownership is written, that it is owned by aks01-weu`,
      ],
    },
    {
      what: 'upsert-only for one namespace, which is to be changed to sync',
      inputs: here,
      zone: [...published, ...ours],
      deployments: [
        deployment('narrow', 'routes', [
          '--policy=upsert-only',
          ...registry('zone-weu', 'sr-'),
          '--namespace=shop',
        ]),
      ],
      says: [
        `Deployment dns/narrow, once it is changed to the new set-up, deletes a record of zone weu: ${elsewhere} CNAME.`,
        'first let its --label-filter and --namespace pass all that this cluster publishes',
      ],
    },
    {
      what: 'what another cluster publishes by now, and this one has owned before it went back',
      inputs: bound,
      zone: [...others, 'srr-cname-pay-ns-p-prod-billing TXT aks01-weu'],
      deployments: [single()],
      says: [
        `a new instance for routes, once it is started, deletes a record of zone weu: ${elsewhere} CNAME.`,
        'see which cluster publishes them',
      ],
    },
    {
      what: 'ownership in the format of long ago, without a type',
      zone: [...published, 'sr-aks01-weu-internal TXT zone-weu'],
      deployments: [deployment('early', 'routes', ['--policy=sync', ...registry('zone-weu', 'sr-')])],
      says: [`Deployment dns/early, which runs, deletes a record of zone weu: ${target} A.`],
    },
    {
      what: 'ownership in a suffix',
      zone: [...published, 'a-aks01-weu-internal-sr TXT zone-weu'],
      deployments: [
        deployment('early', 'routes', ['--policy=sync', '--txt-owner-id=zone-weu', '--txt-suffix=-sr']),
      ],
      says: [`Deployment dns/early, which runs, deletes a record of zone weu: ${target} A.`],
    },
    {
      what: 'an owner whose records are taken over',
      deployments: [
        deployment('early', 'routes', [
          '--policy=sync',
          ...registry('aks01-weu', 'sr-'),
          '--migrate-from-txt-owner=zone-weu',
        ]),
      ],
      says: [`Deployment dns/early, which runs, deletes a record of zone weu: ${target} A.`],
    },
    {
      what: 'two owners under one name',
      zone: [...published, 'sr-a-aks01-weu-internal TXT other', 'sr-a-aks01-weu-internal TXT zone-weu'],
      deployments: [deployment('early', 'routes', ['--policy=sync', ...registry('zone-weu', 'sr-')])],
      says: [`Deployment dns/early, which runs, deletes a record of zone weu: ${target} A.`],
    },
    {
      what: 'a version for which no DNSEndpoint passes an annotation filter',
      deployments: [
        deployment(
          'blind',
          'routes',
          [
            '--policy=sync',
            ...registry('aks01-weu', 'srr-'),
            '--managed-record-types=CNAME',
            '--annotation-filter=external-dns.alpha.kubernetes.io/controller=external-dns-weu',
          ],
          1,
          'v0.22.0',
        ),
      ],
      says: [`Deployment dns/blind, which runs, deletes a record of zone weu: ${host} CNAME.`],
    },
    {
      what: 'an ExternalDNS that has nothing to do with it',
      deployments: [deployment('others', 'none', ['--policy=sync', ...registry('others', '')])],
      says: [],
    },
    {
      what: 'one that only says what it would do',
      deployments: [
        deployment('early', 'routes', ['--policy=sync', '--dry-run', ...registry('zone-weu', 'sr-')]),
      ],
      says: [],
    },
    {
      what: 'no registry, and sync',
      deployments: [deployment('early', 'routes', ['--policy=sync', '--registry=noop'])],
      says: ['Deployment dns/early, which runs, deletes every record of zone weu'],
    },
    {
      what: 'upsert-only, whatever the owner',
      deployments: [deployment('old', 'routes', ['--policy=upsert-only', ...registry('zone-weu', 'sr-')])],
      says: [],
    },
  ]
  for (const { what, says, ...scene } of dangerRows)
    test(what, () => {
      const { dangers } = progressIn({ zone: all, ...scene })
      const said = dangers.flatMap(({ message, hint }) => [message, hint])
      expect(dangers).toHaveLength(says.length === 0 ? 0 : 1)
      for (const [index, text] of says.entries()) expect(said[index]).toStartWith(text)
    })
})

describe('the DNSEndpoints of adopt', () => {
  const printed = (scene: Scene = {}): readonly KubeObject[] => {
    const { zone, adoptions } = progressIn({ zone: published, deployments: [single(txt)], ...scene })
    return ownershipEndpoints(
      zone,
      adoptions.filter(({ ownership }) => ownership.state === 'open').map(({ record }) => record),
    )
  }

  test('are for the instance that has the gateways, and name the owner of each record', () => {
    const [endpoint, ...more] = printed()
    expect(more).toEqual([])
    expect(endpoint?.metadata.labels).toMatchObject({
      'router.io/region': 'weu',
      'router.io/resource-type': 'gateway-service',
    })
    expect(endpoint?.spec).toEqual({
      endpoints: [
        {
          dnsName: 'srgw-a-aks01-weu-internal.aks.example.com',
          recordType: 'TXT',
          targets: ['"heritage=external-dns,external-dns/owner=zone-weu"'],
        },
        {
          dnsName: 'srr-cname-web-ns-p-prod-shop.aks.example.com',
          recordType: 'TXT',
          targets: ['"heritage=external-dns,external-dns/owner=aks01-weu"'],
        },
      ],
    })
  })

  test('are none of srouter’s as far as its engine can see: a plan neither deletes them nor finds anything', () => {
    const inputs = [...bound]
    const endpoints = [...endpointsFor({ inputs }), ...printed({ inputs })]
    const { plan } = run(inputsOf({ inputs }), endpoints)
    expect(
      plan.objects.filter(({ action, ref }) => action !== 'unchanged' && ref.kind === 'DNSEndpoint'),
    ).toEqual([])
    expect(plan.findings.filter(({ code }) => code !== 'DNSPolicyInactive')).toEqual([])
  })

  test('have no name that srouter would want for its own', () => {
    const own = new Set(endpointsFor().map(({ metadata: { namespace, name } }) => `${namespace}/${name}`))
    for (const { metadata } of printed()) expect(own).not.toContain(`${metadata.namespace}/${metadata.name}`)
  })

  test('are several where there are many records, each small enough for kubectl apply', () => {
    const names = Array.from({ length: 450 }, (_, index) => `s${index}`)
    const endpoints = printed({
      inputs: names.map(name => route('shop', name)),
      zone: [...published, ...names.map(name => `${name}-ns-p-prod-shop CNAME ${target}`)],
    })
    expect(endpoints.map(({ metadata: { name } }) => name)).toEqual(
      [1, 2, 3].map(index => `srouter-adopt-external-dns-weu-${index}`),
    )
    for (const endpoint of endpoints) expect(JSON.stringify(endpoint).length).toBeLessThan(200_000)
  })

  test('are found by the label that the step "clear" names', () => {
    for (const { metadata } of printed()) expect(metadata.labels?.[label.adopt]).toBe('ownership')
  })
})
