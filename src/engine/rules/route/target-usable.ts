import type { RouteRule } from './index.ts'

/** A route waits for its Gateway where that one is in error; the error itself is reported there. */
export const targetUsable: RouteRule = ({ gateway, gatewayKey, gatewayTrouble }) =>
  gateway?.spec === undefined || gatewayTrouble === undefined
    ? undefined
    : {
        code: gatewayTrouble.code,
        severity: 'none',
        effect: 'pending',
        message: `the Gateway ${gatewayKey} is in error: ${gatewayTrouble.message}`,
        hint: 'mend the Gateway, or use another one',
      }
