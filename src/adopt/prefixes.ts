import { isRunning, type Zone } from './zone.ts'

/** What DNSConfiguration lacks for this zone. */
export const prefixTroubles = ({ controller, writers }: Zone): readonly string[] => {
  const { name, txtPrefix, gatewayTxtPrefix, nameservers = [] } = controller
  const taken = new Set(
    writers
      .filter(writer => isRunning(writer) && writer.role === 'single')
      .map(({ instance }) => instance.settings.txtPrefix),
  )
  const isTaken = txtPrefix !== undefined && taken.has(txtPrefix)
  const rows: readonly (readonly [applies: boolean, text: string])[] = [
    [
      nameservers.length === 0,
      `the controller ${name} has no nameservers, so nobody can see who owns what: set them in DNSConfiguration`,
    ],
    [isTaken, `txtPrefix ${txtPrefix} is in use by the instance that writes both: ${set('routes', taken)}`],
    [txtPrefix === undefined, `the controller ${name} has no txtPrefix: ${set('routes', taken)}`],
    [
      gatewayTxtPrefix === undefined || gatewayTxtPrefix === txtPrefix,
      `the controller ${name} has no gatewayTxtPrefix of its own: ${set('gateways', taken)}`,
    ],
  ]
  return rows.flatMap(([applies, text]) => (applies ? [text] : []))
}

const candidates = { routes: ['sr-', 'srr-'], gateways: ['srgw-', 'srg-'] } as const

const set = (what: keyof typeof candidates, taken: ReadonlySet<string>): string => {
  const unused = candidates[what].find(candidate => !taken.has(candidate)) ?? 'one of your own'
  return `set one for ${what} in DNSConfiguration that nobody has used in this zone, such as ${unused}, the same in all clusters`
}
