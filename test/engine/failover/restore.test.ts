import { describe, expect, test } from 'bun:test'
import {
  answers,
  type Cluster,
  claims,
  cluster,
  conditionOf,
  edit,
  engage,
  type Model,
  model,
  pass,
  settle,
  stateOf,
} from './model.ts'

/** What a backup brings back, and what it does not: docs/operations.md rests on these. */

const home = ['weu 10.1.0.1', 'neu 10.1.0.1']
const away = ['weu 10.2.0.1', 'neu 10.2.0.1']

const both = (): { dns: Model; weu: Cluster; neu: Cluster } => {
  const dns = model('weu', 'neu')
  const weu = cluster(dns, 'weu', '10.1.0.1', { standIns: ['aks01-neu'] })
  const neu = cluster(dns, 'neu', '10.2.0.1', { standsInFor: ['aks01-weu'] })
  settle(dns, weu, neu)
  return { dns, weu, neu }
}

const engaged = () => {
  const { dns, weu, neu } = both()
  engage(neu)
  settle(dns, weu, neu)
  return { dns, weu, neu }
}

/** The load balancer's comes from the cloud and not from a backup. */
const loseStatuses = (lost: Cluster): void => {
  lost.inputs = lost.inputs.map(each => {
    const { status: _, ...rest } = each
    return each.kind === 'Service' ? each : rest
  })
}

const copyOf = ({ name, inputs, current }: Cluster): Cluster => ({ name, inputs, current })

describe('statuses are lost', () => {
  test('at rest: nothing moves, and they are written anew', () => {
    const { dns, weu, neu } = both()
    const before = [...weu.inputs, ...neu.inputs].map(({ status }) => status)
    for (const each of [weu, neu]) {
      loseStatuses(each)
      expect(pass(dns, each).plan.objects.filter(({ action }) => action !== 'unchanged')).toEqual([])
    }
    settle(dns, weu, neu)
    expect(answers(dns, 'aks01-weu')).toEqual(home)
    expect([...weu.inputs, ...neu.inputs].map(({ status }) => status)).toEqual(before)
  })

  test.each(['weu', 'neu', 'weu and neu'])('of %s, while neu stands in for weu: it goes on', where => {
    const { dns, weu, neu } = engaged()
    for (const each of [weu, neu]) if (where.includes(each.name.slice(-3))) loseStatuses(each)
    for (const each of [weu, neu])
      expect(pass(dns, each).plan.objects.filter(({ action }) => action !== 'unchanged')).toEqual([])
    settle(dns, weu, neu)
    expect(answers(dns, 'aks01-weu')).toEqual(away)
    expect(claims(dns, 'aks01-weu')).toEqual(['weu held-e1.aks01-neu', 'neu held-e1.aks01-neu'])
    expect([stateOf(neu), conditionOf(weu, 'ClusterIdentity', 'Yielded')]).toEqual([
      'Engaged',
      'True Yielded',
    ])
  })
})

test('statuses are lost where one is Withdrawn: what engage still says counts again', () => {
  const { dns, weu, neu } = engaged()
  edit(weu, 'ClusterIdentity', each => ({
    ...each,
    metadata: { ...each.metadata, annotations: { 'router.io/reclaim-epoch': '2' } },
  }))
  settle(dns, weu, neu)
  expect([answers(dns, 'aks01-weu'), stateOf(neu)]).toEqual([home, 'Withdrawn'])
  loseStatuses(neu)
  settle(dns, neu, weu)
  expect([answers(dns, 'aks01-weu'), stateOf(neu)]).toEqual([away, 'Engaged'])
})

describe('only what people wrote is restored: no status, no DNSEndpoint', () => {
  test('the home cluster, at rest: it publishes what it did', () => {
    const { dns, weu } = both()
    const before = weu.current.length
    loseStatuses(weu)
    weu.current = []
    settle(dns, weu)
    expect([weu.current.length, answers(dns, 'aks01-weu')]).toEqual([before, home])
  })

  test('the home cluster, while neu stands in for it: it yields before it writes', () => {
    const { dns, weu, neu } = engaged()
    loseStatuses(weu)
    weu.current = []
    settle(dns, weu, neu)
    expect([answers(dns, 'aks01-weu'), conditionOf(weu, 'ClusterIdentity', 'Yielded')]).toEqual([
      away,
      'True Yielded',
    ])
  })

  test('the stand-in, with engage: it claims anew, with the next epoch', () => {
    const { dns, weu, neu } = engaged()
    loseStatuses(neu)
    neu.current = []
    for (let step = 0; step < 4; step++) {
      settle(dns, neu, weu)
      expect(answers(dns, 'aks01-weu')).toEqual(away)
    }
    expect(claims(dns, 'aks01-weu')).toEqual(['weu held-e2.aks01-neu', 'neu held-e2.aks01-neu'])
    expect(stateOf(neu)).toBe('Engaged')
  })

  test('the stand-in, without engage: that is a release', () => {
    const { dns, weu, neu } = engaged()
    loseStatuses(neu)
    neu.current = []
    engage(neu, false)
    settle(dns, neu)
    // Nobody has taken the addresses away, and nobody has put others there: the home cluster is dead.
    expect([answers(dns, 'aks01-weu'), claims(dns, 'aks01-weu')]).toEqual([
      away,
      ['weu released-e1.aks01-neu', 'neu released-e1.aks01-neu'],
    ])
    settle(dns, weu, neu)
    expect(answers(dns, 'aks01-weu')).toEqual(home)
  })
})

describe('everything is restored, as by a snapshot of etcd', () => {
  test('the home cluster, from before neu stood in for it: it yields', () => {
    const { dns, weu, neu } = both()
    const backup = copyOf(weu)
    engage(neu)
    settle(dns, neu)
    pass(dns, backup)
    settle(dns, backup, neu)
    expect([answers(dns, 'aks01-weu'), conditionOf(backup, 'ClusterIdentity', 'Yielded')]).toEqual([
      away,
      'True Yielded',
    ])
  })

  test('the home cluster, from when neu stood in for it: it sees that this is over', () => {
    const { dns, weu, neu } = engaged()
    const backup = copyOf(weu)
    engage(neu, false)
    settle(dns, weu, neu)
    settle(dns, backup, neu)
    expect(answers(dns, 'aks01-weu')).toEqual(home)
  })

  test('the stand-in, from before it stood in: that is a release', () => {
    const { dns, weu, neu } = both()
    const backup = copyOf(neu)
    engage(neu)
    settle(dns, weu, neu)
    settle(dns, backup, weu)
    expect([answers(dns, 'aks01-weu'), stateOf(backup)]).toEqual([home, 'Standby'])
  })

  test('the stand-in, from when it stood in, and that is over: its engage says to, so it does again', () => {
    const { dns, weu, neu } = engaged()
    const backup = copyOf(neu)
    engage(neu, false)
    settle(dns, weu, neu)
    expect(answers(dns, 'aks01-weu')).toEqual(home)
    settle(dns, backup, weu)
    expect([answers(dns, 'aks01-weu'), stateOf(backup)]).toEqual([away, 'Engaged'])
    engage(backup, false)
    settle(dns, backup, weu)
    expect(answers(dns, 'aks01-weu')).toEqual(home)
  })
})

describe('two clusters from one backup', () => {
  /** The same inputs behind another load balancer. */
  const second = (dns: Model, of: Cluster): Cluster => {
    const [service] = cluster(dns, 'weu', '10.9.0.1').inputs.filter(({ kind }) => kind === 'Service')
    return {
      name: of.name,
      inputs: of.inputs.map(each => (each.kind === 'Service' && service !== undefined ? service : each)),
      current: [],
    }
  }

  test('what people wrote: a conflict, and nothing is written', () => {
    const { dns, weu } = both()
    const copy = second(dns, weu)
    loseStatuses(copy)
    expect(pass(dns, copy).plan.findings.map(({ code }) => code)).toEqual(['IdentityConflict'])
    expect(copy.current).toEqual([])
  })

  test.each(['statuses', 'DNSEndpoints'])(
    'with %s as well: it takes itself for the first, and nobody can tell',
    what => {
      const { dns, weu } = both()
      const copy = second(dns, weu)
      if (what === 'DNSEndpoints') {
        loseStatuses(copy)
        copy.current = weu.current
      }
      expect(pass(dns, copy).plan.findings).toEqual([])
      expect(JSON.stringify(copy.current)).toContain('10.9.0.1')
    },
  )
})
