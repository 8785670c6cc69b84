import { isRunning, type Zone } from './zone.ts'

/** What DNSConfiguration lacks for this zone, or undefined. */
export const prefixTrouble = ({ controller, writers }: Zone): string | undefined => {
  const { name, txtPrefix, gatewayTxtPrefix, nameservers = [] } = controller
  const taken = new Set(
    writers
      .filter(writer => isRunning(writer) && writer.role === 'single')
      .map(each => each.instance.settings.txtPrefix),
  )
  if (nameservers.length === 0)
    return `the controller ${name} has no nameservers, so nobody can see who owns what: set them in DNSConfiguration`
  if (txtPrefix === undefined || taken.has(txtPrefix))
    return `${txtPrefix === undefined ? `the controller ${name} has no txtPrefix` : `txtPrefix ${txtPrefix} is in use by the instance that writes both`}: set one for routes in DNSConfiguration that nobody has used in this zone, such as ${unused(taken, ['sr-', 'srr-'])}, the same in all clusters`
  if (gatewayTxtPrefix === undefined || gatewayTxtPrefix === txtPrefix)
    return `the controller ${name} has no gatewayTxtPrefix of its own: set one for gateways in DNSConfiguration that nobody has used in this zone, such as ${unused(taken, ['srgw-', 'srg-'])}, the same in all clusters`
  return undefined
}

const unused = (taken: ReadonlySet<string>, candidates: readonly string[]): string =>
  candidates.find(candidate => !taken.has(candidate)) ?? 'one of your own'
