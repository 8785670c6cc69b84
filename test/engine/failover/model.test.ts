import { describe, expect, test } from 'bun:test'
import { urgency } from '../../../src/engine/failover/moving.ts'
import {
  answers,
  type Cluster,
  claims,
  cluster,
  conditionOf,
  edit,
  engage,
  externalDNS,
  failover,
  type Model,
  model,
  pass,
  settle,
  stateOf,
} from './model.ts'

const both = (): { dns: Model; weu: Cluster; neu: Cluster } => {
  const dns = model('weu', 'neu')
  const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-neu'] })
  const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'] })
  settle(dns, weu, neu)
  return { dns, weu, neu }
}
const home = ['weu 10.1.0.1', 'neu 10.1.0.1']
const away = ['weu 10.2.0.1', 'neu 10.2.0.1']

describe('a region fails', () => {
  test('before it does, each cluster publishes its own, and own- names beside it', () => {
    const { dns } = both()
    expect(answers(dns, 'aks01-weu')).toEqual(home)
    expect(answers(dns, 'own-aks01-weu')).toEqual(home)
    expect(answers(dns, 'own-aks01-neu')).toEqual(away)
    expect(claims(dns, 'aks01-weu')).toEqual(['weu nothing', 'neu nothing'])
  })

  test('start: the claim first, then the records; the home cluster is dead', () => {
    const { dns, neu } = both()
    engage(neu)
    pass(dns, neu)
    expect(stateOf(neu)).toBe('Claiming')
    externalDNS(dns, neu)
    expect(claims(dns, 'aks01-weu')).toEqual(['weu held-e1.aks01-neu', 'neu held-e1.aks01-neu'])
    expect(answers(dns, 'aks01-weu')).toEqual(home)
    settle(dns, neu)
    expect(answers(dns, 'aks01-weu')).toEqual(away)
    expect(stateOf(neu)).toBe('Engaged')
    expect(conditionOf(neu, 'RegionFailover', 'Engaged')).toBe('True StandingIn')
  })

  test('it writes as many DNSEndpoints as gateways and zones, and the claims', () => {
    const { dns, neu } = both()
    const before = neu.current.length
    engage(neu)
    settle(dns, neu)
    expect(neu.current.length - before).toBe(2 + 2)
  })

  test('the home cluster returns and yields; nothing flips', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, neu)
    pass(dns, weu)
    for (const each of [weu, neu, weu]) {
      externalDNS(dns, each)
      expect(answers(dns, 'aks01-weu')).toEqual(away)
      expect(answers(dns, 'own-aks01-weu')).toEqual(home)
    }
    expect(conditionOf(weu, 'ClusterIdentity', 'Yielded')).toBe('True Yielded')
    expect(conditionOf(weu, 'Gateway', 'Yielded')).toBe('True Yielded')
  })

  test('release: the home cluster gets its name back, and at no moment is there none', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    engage(neu, false)
    const seen = new Set<string>()
    for (let step = 0; step < 8; step++)
      for (const each of [neu, weu]) {
        pass(dns, each)
        externalDNS(dns, each)
        for (const answer of answers(dns, 'aks01-weu')) seen.add(answer)
      }
    expect([...seen].sort()).toEqual([...home, ...away].sort())
    expect(answers(dns, 'aks01-weu')).toEqual(home)
    expect(claims(dns, 'aks01-weu')).toEqual(['weu released-e1.aks01-neu', 'neu released-e1.aks01-neu'])
    expect(stateOf(neu)).toBe('Standby')
    expect(conditionOf(weu, 'ClusterIdentity', 'Yielded')).toBeUndefined()
    settle(dns, weu, neu)
  })

  test('a second failover has a greater epoch', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    engage(neu, false)
    settle(dns, weu, neu)
    engage(neu)
    settle(dns, weu, neu)
    expect(claims(dns, 'aks01-weu')).toEqual(['weu held-e2.aks01-neu', 'neu held-e2.aks01-neu'])
    expect(answers(dns, 'aks01-weu')).toEqual(away)
  })

  test('a claim that was ended by another is not taken for one of its own, before the zones are asked', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    engage(neu, false)
    settle(dns, weu, neu)
    const ended = ['released-e9.aks01-weu.srouter-claim.aks.example.com']
    for (const zone of dns.zones.values()) zone.set('srouter-claim-aks01-weu.aks.example.com CNAME', ended)
    engage(neu)
    const { evaluation } = pass(dns, neu, name => !name.startsWith('srouter-claim-'))
    expect([stateOf(neu), urgency(evaluation)]).toEqual(['Standby', 'step'])
    settle(dns, weu, neu)
    expect(claims(dns, 'aks01-weu')).toEqual(['weu held-e10.aks01-neu', 'neu held-e10.aks01-neu'])
    expect(stateOf(neu)).toBe('Engaged')
  })

  test('a RegionFailover that is deleted while engaged is a release, and then goes', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    edit(neu, 'RegionFailover', each => ({
      ...each,
      metadata: { ...each.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    }))
    settle(dns, weu, neu)
    expect(answers(dns, 'aks01-weu')).toEqual(home)
    expect(neu.inputs.some(({ kind }) => kind === 'RegionFailover')).toBe(false)
  })

  test('the holder is gone for good: reclaim by the home cluster', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    edit(weu, 'ClusterIdentity', each => ({
      ...each,
      metadata: { ...each.metadata, annotations: { 'router.io/reclaim-epoch': '2' } },
    }))
    settle(dns, weu)
    expect(answers(dns, 'aks01-weu')).toEqual(home)
    expect(claims(dns, 'aks01-weu')).toEqual(['weu released-e2.aks01-weu', 'neu released-e2.aks01-weu'])
    // and should it come back, it gives way, and stays so until somebody switches it off and on
    settle(dns, neu, weu)
    expect(stateOf(neu)).toBe('Withdrawn')
    expect(answers(dns, 'aks01-weu')).toEqual(home)
    engage(neu, false)
    settle(dns, neu, weu)
    engage(neu)
    settle(dns, neu, weu)
    expect(claims(dns, 'aks01-weu')).toEqual(['weu held-e3.aks01-neu', 'neu held-e3.aks01-neu'])
    expect(answers(dns, 'aks01-weu')).toEqual(away)
  })
})

describe('when in doubt nothing changes', () => {
  test.each([
    ['the name server says nothing', (dns: Model) => dns.silent.add('weu')],
    ['a forwarder says NXDOMAIN', (dns: Model) => dns.zones.get('weu')?.clear()],
  ])('yielded, and %s', (_, fault) => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, neu, weu)
    const before = JSON.stringify(weu.current)
    fault(dns)
    pass(dns, weu)
    expect(JSON.stringify(weu.current)).toBe(before)
    expect(conditionOf(weu, 'ClusterIdentity', 'Yielded')).toBe('True Yielded')
  })

  test('yielded, and the ClusterIdentity deleted and made again while the name server says nothing', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, neu, weu)
    const before = JSON.stringify(weu.current)
    dns.silent.add('weu')
    edit(weu, 'ClusterIdentity', ({ status: _, ...each }) => each)
    pass(dns, weu)
    expect(JSON.stringify(weu.current)).toBe(before)
  })

  test('the first look without an answer: no gateway address is made, own- names are', () => {
    const dns = model('weu', 'neu')
    const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-neu'] })
    dns.silent.add('weu')
    const { plan } = pass(dns, weu)
    expect(plan.findings.map(({ code }) => code)).toContain('ClaimUnknown')
    expect(plan.complete).toBe(false)
    expect(weu.current.map(({ metadata }) => metadata.name)).toEqual([
      'own-gateway-controller-igw-internal-internal-external-dns-neu',
      'own-gateway-controller-igw-internal-internal-external-dns-weu',
    ])
    dns.silent.clear()
    settle(dns, weu)
    expect(answers(dns, 'aks01-weu')).toEqual(home)
  })

  test('an address of the load balancer changes while the claim cannot be read: it stays', () => {
    const { dns, weu } = both()
    dns.silent.add('weu')
    edit(weu, 'Service', each => ({ ...each, status: { loadBalancer: { ingress: [{ ip: '10.1.0.9' }] } } }))
    pass(dns, weu)
    externalDNS(dns, weu)
    expect(answers(dns, 'aks01-weu')).toEqual(home)
    expect(answers(dns, 'own-aks01-weu')[1]).toBe('neu 10.1.0.9')
  })

  test('not yielded yet, and a forwarder that does not know the zone says NXDOMAIN: nothing changes', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, neu)
    dns.zones.get('weu')?.clear()
    const before = JSON.stringify(weu.current)
    edit(weu, 'Service', each => ({ ...each, status: { loadBalancer: { ingress: [{ ip: '10.1.0.9' }] } } }))
    const { plan } = pass(dns, weu)
    expect(plan.findings.map(({ code }) => code)).toContain('ClaimUnknown')
    expect(JSON.parse(JSON.stringify(weu.current)).slice(0, 2)).toEqual(JSON.parse(before).slice(0, 2))
  })

  test('a claim by a cluster that is not listed is ignored and reported', () => {
    const dns = model('weu', 'neu')
    const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-frc'] })
    settle(dns, weu)
    dns.zones
      .get('weu')
      ?.set('srouter-claim-aks01-weu.aks.example.com CNAME', [
        'held-e1.aks01-neu.srouter-claim.aks.example.com',
      ])
    const { plan } = pass(dns, weu)
    expect(plan.findings.map(({ code }) => code)).toEqual(['ClaimIgnored'])
    expect(plan.summary).toMatchObject({ add: 0, change: 0, delete: 0 })
  })

  test('without standIns nobody looks', () => {
    const dns = model('weu', 'neu')
    const weu = cluster(dns, 'weu', '10.1.0.1')
    settle(dns, weu)
    dns.zones
      .get('weu')
      ?.set('srouter-claim-aks01-weu.aks.example.com CNAME', [
        'held-e1.aks01-neu.srouter-claim.aks.example.com',
      ])
    dns.zones.get('weu')?.set('own-aks01-neu-internal.aks.example.com A', ['10.2.0.1'])
    expect(pass(dns, weu).plan.summary).toMatchObject({ add: 0, change: 0, delete: 0 })
  })
})

describe('the claim cannot be seen', () => {
  test('where the failed zone has no name server any more, the others are redirected at once', () => {
    const { dns, neu } = both()
    dns.silent.add('weu')
    engage(neu)
    for (let step = 0; step < 3; step++) {
      pass(dns, neu)
      externalDNS(dns, neu)
    }
    expect(answers(dns, 'aks01-weu')).toEqual(['weu 10.1.0.1', 'neu 10.2.0.1'])
    expect(stateOf(neu)).toBe('Claiming')
    dns.now += 61_000
    pass(dns, neu)
    expect(stateOf(neu)).toBe('Engaged')
    dns.silent.clear()
    externalDNS(dns, neu)
    expect(answers(dns, 'aks01-weu')).toEqual(away)
  })

  test('where ExternalDNS does not write it, the stand-in waits for two intervals', () => {
    const { dns, neu } = both()
    engage(neu)
    for (let step = 0; step < 3; step++) pass(dns, neu)
    expect(neu.current.some(({ metadata }) => metadata.name.startsWith('stand-in-'))).toBe(false)
    dns.now += 61_000
    pass(dns, neu)
    expect(neu.current.filter(({ metadata }) => metadata.name.startsWith('stand-in-'))).toHaveLength(2)
  })
})

describe('what was done by hand, and zones that were away', () => {
  test('claims that somebody deletes are made again with their epoch; the records stay', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    const before = neu.current.map(({ metadata }) => metadata.name).sort()
    neu.current = neu.current.filter(({ metadata }) => !metadata.name.startsWith('srouter-claim-'))
    pass(dns, neu)
    expect(neu.current.map(({ metadata }) => metadata.name).sort()).toEqual(before)
    settle(dns, weu, neu)
    expect(claims(dns, 'aks01-weu')).toEqual(['weu held-e1.aks01-neu', 'neu held-e1.aks01-neu'])
    expect(answers(dns, 'aks01-weu')).toEqual(away)
  })

  test('a label that somebody puts on another DNSEndpoint keeps no claim from being released', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    neu.current = neu.current.map(each => ({
      ...each,
      metadata: {
        ...each.metadata,
        labels: { ...each.metadata.labels, 'router.io/region-failover': 'aks01-weu' },
      },
    }))
    engage(neu, false)
    settle(dns, weu, neu)
    expect(stateOf(neu)).toBe('Standby')
    expect(answers(dns, 'aks01-weu')).toEqual(home)
    expect(answers(dns, 'aks01-neu')).toEqual(away)
  })

  test('nor does it have an address removed, while the claim cannot be read', () => {
    const { dns, weu } = both()
    const labels = { 'router.io/region-failover': 'aks01-sdc' }
    weu.current = weu.current.map(each => ({
      ...each,
      metadata: { ...each.metadata, labels: { ...each.metadata.labels, ...labels } },
    }))
    const before = weu.current.map(({ metadata }) => metadata.name).sort()
    dns.silent.add('weu')
    pass(dns, weu)
    expect(weu.current.map(({ metadata }) => metadata.name).sort()).toEqual(before)
  })

  test('a zone that is away during the release gets it when it is back, and so does its home cluster', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    dns.silent.add('weu')
    engage(neu, false)
    settle(dns, weu, neu)
    dns.now += 3_600_000
    settle(dns, weu, neu)
    expect(stateOf(neu)).toBe('Releasing')
    dns.silent.clear()
    settle(dns, weu, neu)
    expect(stateOf(neu)).toBe('Standby')
    expect(answers(dns, 'aks01-weu')).toEqual(home)
  })

  test('an old claim in a zone that was away keeps nobody from claiming', () => {
    const dns = model('weu', 'neu', 'frc')
    const frc = cluster(dns, 'frc', '10.3.0.1', { standsInFor: ['aks01-weu'] })
    const claim = (zone: string, target: string) =>
      dns.zones
        .get(zone)
        ?.set('srouter-claim-aks01-weu.aks.example.com CNAME', [`${target}.srouter-claim.aks.example.com`])
    claim('weu', 'held-e4.aks01-neu')
    claim('neu', 'released-e4.aks01-neu')
    engage(frc)
    settle(dns, frc)
    expect(stateOf(frc)).toBe('Engaged')
    expect(claims(dns, 'aks01-weu')[0]).toBe('weu held-e5.aks01-frc')
  })

  test('who comes later is not contradicted by an old release', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    dns.silent.add('weu')
    engage(neu, false)
    settle(dns, neu)
    dns.zones
      .get('neu')
      ?.set('srouter-claim-aks01-weu.aks.example.com CNAME', [
        'held-e2.aks01-frc.srouter-claim.aks.example.com',
      ])
    pass(dns, neu)
    expect(neu.current.some(({ metadata }) => metadata.name.startsWith('srouter-claim-'))).toBe(false)
  })

  test('yielded to a cluster that lacks a gateway: that one keeps its own addresses', () => {
    const { dns, weu, neu } = both()
    const second = (object: (typeof weu.inputs)[number]) => ({
      ...object,
      metadata: { ...object.metadata, name: 'second' },
      spec: { ...(object.spec as object), targetPostfix: 'second' },
    })
    weu.inputs = [...weu.inputs, ...weu.inputs.filter(({ kind }) => kind === 'Gateway').map(second)]
    settle(dns, weu, neu)
    engage(neu)
    settle(dns, weu, neu)
    expect(answers(dns, 'aks01-weu')).toEqual(away)
    expect(dns.zones.get('weu')?.get('aks01-weu-second.aks.example.com A')).toEqual(['10.1.0.1'])
  })
})

describe('one holder, no chains', () => {
  const three = () => {
    const dns = model('weu', 'neu', 'frc')
    const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-neu', 'aks01-frc'] })
    const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'], standIns: ['aks01-frc'] })
    const frc = cluster(dns, 'frc', '10.3.0.1', { standsInFor: ['aks01-weu'] })
    settle(dns, weu, neu, frc)
    return { dns, weu, neu, frc }
  }

  test('two start at once: one holds it, the other withdraws', () => {
    const { dns, weu, neu, frc } = three()
    engage(neu)
    engage(frc)
    pass(dns, neu)
    pass(dns, frc)
    settle(dns, neu, frc, weu)
    expect([stateOf(neu), stateOf(frc)]).toEqual(['Withdrawn', 'Engaged'])
    expect(new Set(claims(dns, 'aks01-weu').map(each => each.slice(4)))).toEqual(
      new Set(['held-e1.aks01-frc']),
    )
    expect(new Set(answers(dns, 'aks01-weu').map(each => each.slice(4)))).toEqual(new Set(['10.3.0.1']))
  })

  test('somebody holds it: the second engages nothing, also when it is released', () => {
    const { dns, weu, neu, frc } = three()
    engage(frc)
    settle(dns, weu, neu, frc)
    engage(neu)
    settle(dns, weu, neu, frc)
    expect([stateOf(neu), stateOf(frc)]).toEqual(['Withdrawn', 'Engaged'])
    engage(frc, false)
    settle(dns, weu, neu, frc)
    expect(stateOf(neu)).toBe('Withdrawn')
    expect(new Set(answers(dns, 'aks01-weu').map(each => each.slice(4)))).toEqual(new Set(['10.1.0.1']))
  })

  test('the holder is gone as well: a third takes the claim from it, and it gives way when it is back', () => {
    const { dns, weu, neu, frc } = three()
    engage(neu)
    settle(dns, neu)
    engage(frc)
    edit(frc, 'RegionFailover', each => ({
      ...each,
      metadata: { ...each.metadata, annotations: { 'router.io/override-epoch': '1' } },
    }))
    settle(dns, frc)
    expect(stateOf(frc)).toBe('Engaged')
    settle(dns, weu, neu, frc)
    expect([stateOf(neu), stateOf(frc)]).toEqual(['Withdrawn', 'Engaged'])
    expect(new Set(answers(dns, 'aks01-weu').map(each => each.slice(4)))).toEqual(new Set(['10.3.0.1']))
  })

  test('a cluster that is itself claimed engages nothing', () => {
    const { dns, weu, neu, frc } = three()
    frc.inputs = [
      ...frc.inputs.filter(({ kind }) => kind !== 'RegionFailover'),
      failover('aks01-neu', { engage: true }),
    ]
    settle(dns, weu, neu, frc)
    engage(neu)
    settle(dns, weu, neu, frc)
    expect(stateOf(neu)).toBe('Blocked')
    expect(conditionOf(neu, 'RegionFailover', 'Engaged')).toBe('False Yielded')
  })
})

describe('who stands in, and is claimed itself', () => {
  test('its release ends the claim of who claimed at the same time, and that is released, too', () => {
    const dns = model('weu', 'neu', 'frc')
    const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-neu', 'aks01-frc'] })
    const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'] })
    settle(dns, weu, neu)
    engage(neu)
    settle(dns, weu, neu)
    // One that could not write the zone of weu.
    dns.zones
      .get('frc')
      ?.set('srouter-claim-aks01-weu.aks.example.com CNAME', [
        'released-e1.aks01-frc.srouter-claim.aks.example.com',
      ])
    settle(dns, weu, neu)
    expect(claims(dns, 'aks01-weu')).toEqual([
      'weu released-e1.aks01-neu',
      'neu released-e1.aks01-neu',
      'frc released-e1.aks01-neu',
    ])
    expect(stateOf(neu)).toBe('Withdrawn')
    expect(new Set(answers(dns, 'aks01-weu').map(each => each.slice(4)))).toEqual(new Set(['10.1.0.1']))
  })

  test('releases what it holds, so that the home cluster gets its name back, and stays withdrawn', () => {
    const dns = model('weu', 'neu', 'frc')
    const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-neu'] })
    const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'], standIns: ['aks01-frc'] })
    const frc = cluster(dns, 'frc', '10.3.0.1', { standsInFor: ['aks01-neu'] })
    engage(neu)
    settle(dns, weu, neu, frc)
    expect(new Set(answers(dns, 'aks01-weu').map(each => each.slice(4)))).toEqual(new Set(['10.2.0.1']))
    engage(frc)
    settle(dns, weu, neu, frc)
    expect(stateOf(neu)).toBe('Withdrawn')
    expect(new Set(claims(dns, 'aks01-weu').map(each => each.slice(4)))).toEqual(
      new Set(['released-e1.aks01-neu']),
    )
    expect(new Set(answers(dns, 'aks01-weu').map(each => each.slice(4)))).toEqual(new Set(['10.1.0.1']))
    expect(new Set(answers(dns, 'aks01-neu').map(each => each.slice(4)))).toEqual(new Set(['10.3.0.1']))
    engage(frc, false)
    settle(dns, weu, neu, frc)
    expect(stateOf(neu)).toBe('Withdrawn')
  })

  test('a claim that this cluster has forgotten, and that zones still say, is released', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    neu.current = neu.current.filter(({ metadata }) => !metadata.name.startsWith('srouter-claim-'))
    edit(neu, 'RegionFailover', ({ status: _, ...each }) => each)
    engage(neu, false)
    settle(dns, weu, neu)
    expect(stateOf(neu)).toBe('Standby')
    expect(answers(dns, 'aks01-weu')).toEqual(home)
  })
})

describe('identity and record types', () => {
  test('a copied overlay writes nothing under the name of another cluster', () => {
    const { dns } = both()
    const copy = cluster(dns, 'weu', '10.9.0.1', { standIns: ['aks01-neu'] })
    const { plan } = pass(dns, copy)
    expect(plan.findings.filter(({ code }) => code === 'IdentityConflict')).toHaveLength(1)
    expect(copy.current).toEqual([])
    expect(conditionOf(copy, 'Gateway', 'DNSReady')).toBe('False IdentityConflict')
  })

  test('nor does it where a claim has ended: that explains the addresses of its holder alone', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    engage(neu, false)
    settle(dns, weu, neu)
    const copy = cluster(dns, 'weu', '10.9.0.1', { standIns: ['aks01-neu'] })
    expect(pass(dns, copy).plan.findings.map(({ code }) => code)).toEqual(['IdentityConflict'])
    expect(copy.current).toEqual([])
  })

  test('a cluster built anew after the claim on it was released takes its name from the holder', () => {
    const { dns, weu, neu } = both()
    engage(neu)
    settle(dns, weu, neu)
    engage(neu, false)
    settle(dns, neu)
    expect(answers(dns, 'aks01-weu')).toEqual(away)
    const anew = cluster(dns, 'weu', '10.1.0.2', { standIns: ['aks01-neu'] })
    settle(dns, anew)
    expect(answers(dns, 'aks01-weu')).toEqual(['weu 10.1.0.2', 'neu 10.1.0.2'])
  })

  test('a cluster that lost its objects, with the same addresses, is no conflict', () => {
    const { dns, weu } = both()
    const records = weu.current.length
    weu.current = []
    pass(dns, weu)
    expect(weu.current).toHaveLength(records)
  })

  test('A-only holder, dual-stack home: said before anybody relies on it', () => {
    const dns = model('weu', 'neu')
    const weu = cluster(dns, 'weu', '10.1.0.1,fd00::1', { standIns: ['aks01-neu'] })
    const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'] })
    settle(dns, weu, neu)
    engage(neu)
    const { plan } = pass(dns, neu)
    expect(plan.findings.map(({ code, message }) => `${code} ${message.slice(0, 60)}`)).toEqual([
      'RecordTypeMismatch aks01-weu-internal.aks.example.com has AAAA in zone neu, and',
      'RecordTypeMismatch aks01-weu-internal.aks.example.com has AAAA in zone weu, and',
    ])
  })

  test('a RegionFailover of a region that no controller serves is a warning', () => {
    const { dns, neu } = both()
    neu.inputs = [...neu.inputs, failover('aks01-weuu')]
    expect(pass(dns, neu).plan.findings.map(({ code, hint }) => `${code}: ${hint}`)).toEqual([
      'FailoverRegionNotFound: did you mean weu?',
    ])
  })

  test('a gateway that the other cluster does not have is left out and listed', () => {
    const { dns, neu } = both()
    const other = neu.inputs.find(({ kind }) => kind === 'Gateway')
    if (other === undefined) throw new Error('no Gateway')
    neu.inputs = [
      ...neu.inputs,
      {
        ...other,
        metadata: { ...other.metadata, name: 'second' },
        spec: { ...(other.spec as object), targetPostfix: 'second' },
      },
    ]
    settle(dns, neu)
    engage(neu)
    settle(dns, neu)
    expect(dns.zones.get('weu')?.has('aks01-weu-second.aks.example.com A')).toBe(false)
    const status = neu.inputs.find(({ kind }) => kind === 'RegionFailover')?.status
    expect(status).toMatchObject({ postfixes: ['internal'], missingPostfixes: ['second'] })
  })
})

test('the records of a gateway that is removed are listed as long as the zone has them', () => {
  const { dns, weu } = both()
  weu.inputs = weu.inputs.filter(({ kind }) => kind !== 'Gateway')
  settle(dns, weu)
  const orphans = () =>
    (weu.inputs[0]?.status as { orphaned?: readonly { name: string }[] } | undefined)?.orphaned ?? []
  expect(new Set(orphans().map(({ name }) => name))).toEqual(
    new Set(['aks01-weu-internal.aks.example.com', 'own-aks01-weu-internal.aks.example.com']),
  )
  for (const zone of dns.zones.values())
    for (const key of zone.keys()) if (key.includes('aks01-weu')) zone.delete(key)
  settle(dns, weu)
  expect(orphans()).toEqual([])
})
