import * as v from 'valibot'
import type { CelRule } from './cel.ts'
import { commonStatus, described, dnsLabel } from './fields.ts'
import { mapping } from './mapping.ts'
import { probeRules, probeSpec, witnessSpec } from './probe.ts'

const claimLength = {
  path: [],
  rule: 'size(self.cluster) + size(self.region) <= 48',
  message:
    'cluster and region together may have 48 characters, because the label srouter-claim-{cluster}-{region} ' +
    'may have 63',
} as const satisfies CelRule

/** Two rules, and not one, so that the message says what is missing. */
const probeNeeded = {
  path: [],
  rule: "self.mode == 'Manual' || has(self.probe)",
  message: 'mode Automatic and mode Observe need a probe: it is what is decided by',
} as const satisfies CelRule

const witnessNeeded = {
  path: [],
  rule: "self.mode == 'Manual' || (has(self.witnesses) && size(self.witnesses) > 0)",
  message:
    'mode Automatic and mode Observe need at least one witness: without, a cluster that is cut off would take ' +
    'all others for dead',
} as const satisfies CelRule

export const regionFailoverRules: readonly CelRule[] = [
  claimLength,
  probeNeeded,
  witnessNeeded,
  ...probeRules,
]

export const regionFailoverSpec = v.pipe(
  mapping({
    region: dnsLabel('The region of the cluster to stand in for, for example weu.'),
    cluster: dnsLabel('The name of that cluster within its region, for example aks01.'),
    engage: v.optional(
      described(
        v.boolean(),
        'True: stand in for it. Leave it out in Git: "srouter failover" sets it with a field manager of its own.',
      ),
    ),
    reason: v.optional(
      described(v.pipe(v.string(), v.maxLength(1024)), 'Who and why; kept in status.history.'),
    ),
    mode: v.optional(
      described(
        v.picklist(['Manual', 'Automatic', 'Observe']),
        'Manual: it is engaged and released by people alone. Automatic: also by what the probe finds. Observe: as ' +
          'Automatic, but it only says what it would do.',
      ),
      'Manual',
    ),
    probe: v.optional(
      described(probeSpec, 'How to tell whether the gateways of that cluster answer, at their own- names.'),
    ),
    witnesses: v.optional(
      described(
        v.pipe(v.array(witnessSpec), v.maxLength(8)),
        'Others that are to answer. While none does, it is the network of this cluster that has failed, and nothing is engaged.',
      ),
    ),
    failback: v.optional(
      described(
        v.picklist(['Manual', 'Automatic']),
        'Whether what was engaged automatically ends automatically as well, once the probe answers again.',
      ),
      'Manual',
    ),
    holdDownSeconds: v.optional(
      described(
        v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(604_800)),
        'How long it stays engaged at least, and how long nothing is engaged anew after it has ended.',
      ),
      300,
    ),
  }),
  v.check(({ cluster, region }) => cluster.length + region.length <= 48, claimLength.message),
  v.check(({ mode, probe }) => mode === 'Manual' || probe !== undefined, probeNeeded.message),
  v.check(({ mode, witnesses = [] }) => mode === 'Manual' || witnesses.length > 0, witnessNeeded.message),
)

const count = v.pipe(v.number(), v.integer())
const time = v.pipe(v.string(), v.metadata({ format: 'date-time' }))

export const failoverZoneStatus = v.looseObject({
  region: v.string(),
  claim: v.optional(
    described(v.string(), 'What the zone says of the claim: Ours, Other, Absent, NoAnswer or NotRead.'),
  ),
  redirected: v.optional(
    described(v.boolean(), 'Whether the zone has once answered with the addresses of this cluster.'),
  ),
  contendedAt: v.optional(
    described(time, 'When the zone last answered otherwise, after it had been redirected.'),
  ),
})

export const failoverHistoryEntry = v.looseObject({
  time,
  event: described(v.string(), 'Claiming, Engaged, Released or Withdrawn.'),
  epoch: v.optional(count),
  reason: v.optional(v.string()),
})

export const probedAddress = v.looseObject({
  address: v.string(),
  answers: v.optional(described(v.boolean(), 'Whether the last probe was answered.')),
  message: v.optional(described(v.string(), 'Why not.')),
})

export const probeStatus = v.looseObject({
  state: v.optional(described(v.string(), 'Up, Down, Failing (but not yet often enough) or Unknown.')),
  since: v.optional(described(time, 'Since when it is so.')),
  addresses: v.optional(
    described(v.array(probedAddress), 'The own- addresses of that cluster, as the zones last had them.'),
  ),
})

export const automaticStatus = v.looseObject({
  state: v.optional(
    described(
      v.string(),
      'Waiting (the probe has not been up yet), Armed, Engaged, or HoldDown (nothing is engaged for a while).',
    ),
  ),
  since: v.optional(described(time, 'Since when it is so.')),
  until: v.optional(described(time, 'When the hold-down is over.')),
  reason: v.optional(described(v.string(), 'In one word, why it is not engaged, or that it is.')),
  message: v.optional(described(v.string(), 'What would happen now, and why.')),
  observedGeneration: v.optional(described(count, 'The generation of the spec that this was decided on.')),
})

export const regionFailoverStatus = v.looseObject({
  ...commonStatus,
  state: v.optional(
    described(
      v.string(),
      'Standby, Claiming, Engaged, Releasing, Blocked (it cannot engage) or Withdrawn (it gave way).',
    ),
  ),
  epoch: v.optional(described(count, 'The greatest epoch that this cluster has claimed with.')),
  zones: v.optional(described(v.array(failoverZoneStatus), 'What each zone answers.')),
  postfixes: v.optional(described(v.array(v.string()), 'The gateways that are stood in for.')),
  missingPostfixes: v.optional(
    described(
      v.array(v.string()),
      'Gateways of this cluster that the other one has no record of; they are left out.',
    ),
  ),
  probe: v.optional(described(probeStatus, 'What the probe finds.')),
  automatic: v.optional(described(automaticStatus, 'What is decided by it, in mode Automatic and Observe.')),
  history: v.optional(described(v.array(failoverHistoryEntry), 'The last 20 changes, the newest first.')),
})

export type RegionFailoverSpec = v.InferOutput<typeof regionFailoverSpec>
export type RegionFailoverStatus = v.InferOutput<typeof regionFailoverStatus>
