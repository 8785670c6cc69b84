import type { ExternalDNSController } from '../../api/dns-configuration.ts'
import type { Told, ToldGateway } from '../../import/request.ts'
import { usageError } from '../../lib/errors.ts'

export interface ToldArgs {
  readonly region: string | undefined
  readonly cluster: string | undefined
  readonly domain: string | undefined
  readonly environmentLetter: string | undefined
  readonly environment: readonly string[]
  readonly controller: readonly string[]
  readonly controllerLabel: string | undefined
  readonly gateway: readonly string[]
}

/** What the command line tells of the cluster; its values are checked as those of any manifest, once they are in one. */
export const toldBy = (args: ToldArgs): Told => ({
  region: args.region,
  cluster: args.cluster,
  domain: args.domain,
  environmentLetter: args.environmentLetter,
  environments: args.environment,
  controllers: args.controller.map(controllerFrom),
  controllerLabel: args.controllerLabel,
  gateways: args.gateway.map(gatewayFrom),
})

const controllerFrom = (text: string): ExternalDNSController => {
  const [, name, region] = /^([^=]+)=([^=]+)$/.exec(text) ?? []
  if (name === undefined || region === undefined)
    throw usageError(`--controller ${text} is not NAME=REGION`, 'for example --controller external-dns=weu')
  return { name, region }
}

const gatewayFrom = (text: string): ToldGateway => {
  const [, targetPostfix, controller, credentialName] = /^([^=,]+)=([^=,]+),([^=,]+)$/.exec(text) ?? []
  if (targetPostfix === undefined || controller === undefined || credentialName === undefined)
    throw usageError(
      `--gateway ${text} is not POSTFIX=CONTROLLER,CREDENTIAL`,
      'for example --gateway internal=istio-ingressgateway-internal,wildcard-tls',
    )
  return { targetPostfix, controller, credentialName }
}
