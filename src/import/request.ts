import type { ExternalDNSController } from '../api/dns-configuration.ts'
import type { Snapshot } from '../engine/snapshot.ts'

/** What the user tells, because the records do not. */
export interface Told {
  readonly region?: string | undefined
  readonly cluster?: string | undefined
  readonly domain?: string | undefined
  readonly environmentLetter?: string | undefined
  /** Environments that there are, for hosts that can be split in several ways. */
  readonly environments: readonly string[]
  readonly controllers: readonly ExternalDNSController[]
  /** The label whose value says which ExternalDNS instance reads a DNSEndpoint. */
  readonly controllerLabel?: string | undefined
  readonly gateways: readonly ToldGateway[]
}

export interface ToldGateway {
  readonly targetPostfix: string
  readonly controller: string
  readonly credentialName: string
}

export const toldNothing: Told = { environments: [], controllers: [], gateways: [] }

/** A snapshot, of whose current objects those that are not srouter's are to be imported. */
export type Imports = Omit<Snapshot, 'fromFiles'>
