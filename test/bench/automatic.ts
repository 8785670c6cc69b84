import { armed, externalDnsSeconds, startScene, timing, until } from '../failover/automatic/stage.ts'
import { secondsToLastWrong } from '../lab/timeline.ts'
import { labMissing, prepareLab } from '../lab/tools.ts'
import { currentLoad, type Figure, figure } from './figure.ts'
import { type Scale, say } from './scale.ts'

/**
 * A gateway dies, and nobody does anything about it: how long until the other cluster engages, and until no zone leads to it
 * any more; again and again, the gateway returning in between.
 */
export const automatic = async (scale: Scale): Promise<readonly Figure[]> => {
  const missing = labMissing('bind', 'external-dns')
  if (missing !== undefined) {
    say(`no automatic failover is measured: ${missing}`)
    return []
  }
  await prepareLab('bind', 'external-dns')
  const load = currentLoad()
  await using scene = await startScene({ spec: { failback: 'Automatic' } })
  const { neu, weu, gateways, sampler } = scene
  const detected: number[] = []
  const redirected: number[] = []
  for (let run = 1; run <= scale.automaticRuns; run++) {
    say(`automatic failover, ${run} of ${scale.automaticRuns}`)
    await armed(neu)
    await armed(weu)
    await sampler.shows(scene.leadsTo('weu'), 'each its own address', 60_000)
    const killed = sampler.mark()
    await gateways.weu.become('closed')
    await until(neu, 'to engage', ({ engage }) => engage)
    detected.push((Date.now() - killed) / 1000)
    await sampler.shows(scene.leadsTo('neu'), 'the addresses of neu', 60_000)
    redirected.push(secondsToLastWrong(sampler.samples, killed, scene.leadsTo('neu')))
    await until(neu, 'to be engaged', ({ standIn }) => standIn === 'Engaged')
    await gateways.weu.become('up')
    await until(neu, 'to release', ({ engage }) => !engage, 60_000)
  }
  const rounds = timing.failureThreshold * timing.intervalSeconds
  return [
    figure(
      {
        name: 'automatic failover: gateway dead to engaged',
        unit: 's',
        values: detected,
        floor: { what: 'failureThreshold × intervalSeconds', values: [rounds] },
        aim: { of: 'figure', atMost: rounds + 2 },
      },
      load,
    ),
    figure(
      {
        name: 'automatic failover: gateway dead to last wrong answer',
        unit: 's',
        values: redirected,
        floor: {
          what: 'the same, and two cycles of ExternalDNS',
          values: [rounds + 2 * externalDnsSeconds],
        },
        aim: { of: 'figure', atMost: rounds + 2 + 2 * externalDnsSeconds + 3 },
      },
      load,
    ),
  ]
}
