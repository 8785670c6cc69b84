import { defaultNamespace } from '../api/leases.ts'
import { defaultOptions } from '../install/manifest.ts'
import { crds, type Part, parts } from '../install/parts.ts'
import { usageError } from '../lib/errors.ts'
import { buildInfo } from './build-info.ts'
import { globalFlags } from './globals.ts'

export interface InstallArgs {
  readonly crdsOnly: boolean
  readonly namespace: string
  readonly image: string | undefined
  readonly metricsSecure: boolean
  readonly withServiceMonitor: boolean
  readonly withNetworkPolicy: boolean
  readonly defaultGatewayNamespace: string
}

/** What the flags of `install` ask for. */
export const installedParts = (args: InstallArgs): readonly Part[] => {
  if (args.crdsOnly) return onlyCrds(args)
  const defaults = defaultOptions(buildInfo.version)
  const { namespace, image = defaults.image, metricsSecure, withServiceMonitor, withNetworkPolicy } = args
  checkNamespace(namespace, '--namespace')
  checkNamespace(args.defaultGatewayNamespace, '--default-gateway-namespace')
  checkImage(image)
  const isDefault = args.defaultGatewayNamespace === globalFlags.defaultGatewayNamespace.default
  return parts({
    ...defaults,
    namespace,
    image,
    metricsSecure,
    withServiceMonitor,
    withNetworkPolicy,
    defaultGatewayNamespace: isDefault ? undefined : args.defaultGatewayNamespace,
  })
}

const onlyCrds = (args: InstallArgs): readonly Part[] => {
  const { namespace, image, metricsSecure, withServiceMonitor, withNetworkPolicy } = args
  const asksForMore = image !== undefined || metricsSecure || withServiceMonitor || withNetworkPolicy
  if (asksForMore || namespace !== defaultNamespace)
    throw usageError('--crds-only prints the CRDs and nothing else', 'leave the other flags out')
  return [crds]
}

const checkNamespace = (text: string, flag: string): void => {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text))
    throw usageError(`${flag} is "${text}", which is no name of a namespace`)
}

/** A tag may stand behind the last slash only: `localhost:5000/srouter` has none. */
const checkImage = (image: string): void => {
  const last = image.slice(image.lastIndexOf('/') + 1)
  if (!/^[^\s@:]+(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/.test(last) || /\s/.test(image))
    throw usageError(`--image is "${image}", which is no image`, 'give it as registry/srouter:0.1.0')
  if (!/[:@]/.test(last))
    throw usageError(
      `--image is "${image}", which has no tag`,
      `add one, such as :${buildInfo.version}; without, every pod may get another version`,
    )
}
