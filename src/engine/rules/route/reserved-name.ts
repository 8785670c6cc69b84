import { reservedBy } from '../reserved.ts'
import type { RouteRule } from './index.ts'

export const reservedName: RouteRule = ({ host }, world) => {
  const reserved = host === undefined ? undefined : reservedBy(host, world)
  return reserved === undefined
    ? undefined
    : {
        code: 'ReservedName',
        severity: 'error',
        effect: 'error',
        message: `the host ${host} begins with ${reserved}, which is reserved`,
        hint: 'choose another serviceName',
        path: ['spec', 'serviceName'],
      }
}
