import { objectKey, refOf } from '../../api/object.ts'
import { endpointsOf, isRead } from '../../engine/current.ts'
import type { WantedEndpoint } from '../../engine/derive/wanted.ts'
import { foreignObject } from '../../engine/diff/findings.ts'
import { ageText } from '../../lib/duration.ts'
import { brokenBy, type Known, type Link } from '../link.ts'

/** A DNSEndpoint that should exist, and what it is asked about. */
export interface Endpoint {
  readonly name: string
  readonly wanted: WantedEndpoint
}

const byWriting =
  'the daemon writes it: see whether it runs; srouter plan shows what it would do, and srouter apply does it'

/** Whether the DNSEndpoint is there, as it should be. */
export const endpointWritten = ({ name, wanted }: Endpoint, { evaluation, plan }: Known): Link => {
  const { key, writer, object, source } = wanted
  const { zone } = writer
  const common = { link: 'endpoint', zone } as const
  if (evaluation.world.current.dnsEndpoints.isForeign(key))
    return { ...brokenBy('endpoint', { ...foreignObject(wanted) }), zone }
  const held = plan.records.find(
    record => record.held && record.name === name && record.controller === writer.controller,
  )
  if (held !== undefined)
    return {
      ...common,
      state: 'broken',
      reason: 'BrakeTripped',
      message: `the brake keeps ${name} as it was: ${held.reason}`,
      hint: 'undo the edit, or let it through: srouter plan says with which --allow-deletes',
    }
  const change = plan.objects.find(({ ref }) => objectKey(ref) === objectKey(refOf(object)))
  const records = endpointsOf(object).map(({ recordType, targets }) => `${recordType} ${targets.join(', ')}`)
  if (change?.action === 'unchanged')
    return { ...common, state: 'ok', message: `DNSEndpoint ${key} has ${records.join('; ')}` }
  // While another cluster stands in, who comes first is not said.
  if (change?.action === 'update' && evaluation.world.home.state === 'yielded')
    return {
      ...common,
      state: 'note',
      reason: 'Yielded',
      message: `DNSEndpoint ${key} does not have yet what the cluster that stands in publishes`,
    }
  const refusal = refusalIn(source.subject.status)
  return {
    ...common,
    state: 'broken',
    reason: refusal === undefined ? 'DNSNotReady' : 'DNSEndpointGenerationFailed',
    message:
      (change?.action === 'update'
        ? `DNSEndpoint ${key} is not as it should be: it ${change.reason}`
        : `there is no DNSEndpoint ${key}`) + (refusal === undefined ? '' : `. ${refusal}`),
    hint: byWriting,
  }
}

/** What the API server has said of it, as the status remembers. */
const refusalIn = (status: unknown): string | undefined => {
  const { conditions } = (status ?? {}) as { readonly conditions?: unknown }
  if (!Array.isArray(conditions)) return undefined
  const ready: { readonly reason?: unknown; readonly message?: unknown } | null | undefined = conditions.find(
    condition => condition?.type === 'Ready',
  )
  return ready?.reason === 'DNSEndpointGenerationFailed' ? String(ready.message) : undefined
}

/** Whether ExternalDNS has read it, as it is now. */
export const endpointRead = ({ wanted: { key, writer } }: Endpoint, { evaluation }: Known): Link => {
  const { controller, zone } = writer
  const object = evaluation.world.current.dnsEndpoints.ours.get(key)
  const common = { link: 'read', zone } as const
  if (object !== undefined && isRead(object))
    return { ...common, state: 'ok', reason: 'DNSEndpointsCreated', message: `ExternalDNS has read it` }
  const observed = (object?.status as { readonly observedGeneration?: unknown } | undefined)
    ?.observedGeneration
  const since = ageText(object?.metadata.creationTimestamp, evaluation.world.settings.now)
  return {
    ...common,
    state: 'broken',
    reason: 'DNSNotReady',
    ...(observed === undefined
      ? {
          message: `no ExternalDNS has read DNSEndpoint ${key}${since === undefined ? '' : `, which was made ${since} ago`}`,
          hint: `wait for its next cycle, a minute by default; then see whether ${controller} runs, and whether its --label-filter selects the labels of this DNSEndpoint; srouter doctor looks for both`,
        }
      : {
          message: `ExternalDNS has read an earlier state of DNSEndpoint ${key}: generation ${String(observed)} and not ${object?.metadata.generation}`,
          hint: `wait for its next cycle, a minute by default; then see whether ${controller} still runs, and what its log says`,
        }),
  }
}
