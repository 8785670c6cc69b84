import type { GatewayRule } from './index.ts'

export const selectorGiven: GatewayRule = ({ spec }) => {
  const namespaces = spec?.allowedRoutes?.namespaces
  if (namespaces === undefined) return undefined
  const selects = namespaces.from === 'Selector'
  if (selects === (namespaces.selector !== undefined)) return undefined
  return {
    code: 'InvalidSpec',
    severity: 'error',
    effect: 'error',
    message: selects
      ? 'spec.allowedRoutes.namespaces.from is Selector and there is no selector'
      : `spec.allowedRoutes.namespaces has a selector and from is ${namespaces.from}`,
    hint: selects ? 'add a selector' : 'set from: Selector, or remove the selector',
    path: ['spec', 'allowedRoutes', 'namespaces'],
  }
}
