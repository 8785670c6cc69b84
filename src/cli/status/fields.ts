import type { KubeObject } from '../../api/object.ts'

/** What a status says. Whoever may write one may have written anything into it, so only what is as it should be counts. */
export interface Stated {
  /** `Unknown` where nobody has written one yet. */
  readonly phase: string
  /** Of `Ready`, where that is False, or of what makes a phase something else than it seems. */
  readonly reason: string | undefined
  readonly message: string | undefined
}

export const fieldsOf = ({ status }: KubeObject): Readonly<Record<string, unknown>> =>
  typeof status === 'object' && status !== null ? (status as Readonly<Record<string, unknown>>) : {}

export const specOf = ({ spec }: KubeObject): Readonly<Record<string, unknown>> =>
  typeof spec === 'object' && spec !== null ? (spec as Readonly<Record<string, unknown>>) : {}

export const textIn = (fields: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export const textsIn = (fields: Readonly<Record<string, unknown>>, name: string): readonly string[] => {
  const value = fields[name]
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
}

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

export const conditionsOf = (object: KubeObject): readonly Condition[] => {
  const { conditions } = fieldsOf(object)
  if (!Array.isArray(conditions)) return []
  return conditions.flatMap(condition => {
    if (typeof condition !== 'object' || condition === null) return []
    const [type, status] = [textIn(condition, 'type'), textIn(condition, 'status')]
    if (type === undefined || status === undefined) return []
    const [reason = '', message = ''] = [textIn(condition, 'reason'), textIn(condition, 'message')]
    return [{ type, status, reason, message }]
  })
}

/**
 * | phase   | conditions                               | reason             |
 * | ------- | ---------------------------------------- | ------------------ |
 * | Active  | all True                                 |                    |
 * | Active  | DNSReady False, DNSNotReady              | DNSNotReady        |
 * | Pending | Ready True, Active False                 | DNSPolicyInactive  |
 * | Error   | Ready False, HostConflict                | HostConflict       |
 */
export const stated = (object: KubeObject): Stated => {
  const phase = textIn(fieldsOf(object), 'phase') ?? 'Unknown'
  const conditions = conditionsOf(object)
  const found = telling
    .values()
    .map(type => conditions.find(each => each.type === type && each.status === 'False'))
    .find(each => each !== undefined)
  return { phase, reason: found?.reason, message: found?.message }
}

/** In this order: why it is not ready says more than that it has no DNS therefore. */
const telling = ['Ready', 'Active', 'DNSReady']
