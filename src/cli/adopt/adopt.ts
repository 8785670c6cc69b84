import { ownershipEndpoints } from '../../adopt/objects.ts'
import type { Progress } from '../../adopt/step.ts'
import { connect } from '../../kube/index.ts'
import { type ExitCode, exitCode, UserError } from '../../lib/errors.ts'
import type { Context } from '../context.ts'
import { writeAll } from '../output.ts'
import { escapeTerminal } from '../render/escape.ts'
import { renderObjects } from '../render/objects.ts'
import { checkData, checkLines } from './check.ts'
import { type Look, look } from './look.ts'
import { meaningOf } from './words.ts'

export interface AdoptArgs {
  readonly check: boolean
  readonly output: 'text' | 'json'
  readonly kubeconfig: string | undefined
  readonly context: string | undefined
  readonly defaultGatewayNamespace: string
}

/** Says how far the move to the split set-up has got, or prints what its next step wants written. Nothing is written. */
export const adoptOwnership = async (context: Context, args: AdoptArgs): Promise<ExitCode> => {
  const client = connect({ kubeconfig: args.kubeconfig, context: args.context })
  const seen = await look(client, args.defaultGatewayNamespace, context.signal)
  return args.check ? tell(context, seen, args.output) : print(context, seen, args.output)
}

const tell = ({ output }: Context, seen: Look, format: AdoptArgs['output']): ExitCode => {
  if (format === 'json') output.out(`${JSON.stringify(checkData(seen))}\n`)
  else for (const line of checkLines(seen)) output.out(`${escapeTerminal(line)}\n`)
  return seen.zones.some(({ step, dangers }) => dangers.length > 0 || step === 'mistaken')
    ? exitCode.invalidInput
    : exitCode.ok
}

const print = ({ output, log }: Context, { zones }: Look, format: AdoptArgs['output']): ExitCode => {
  const [danger] = zones.flatMap(({ dangers }) => dangers)
  if (danger !== undefined) throw new UserError(exitCode.invalidInput, danger.message, danger.hint)
  writeAll(output, renderObjects(zones.flatMap(objectsOf), format === 'json' ? 'json' : 'yaml'))
  for (const { zone, step } of zones)
    log.info('Zone', { zone: zone.controller.region, step, meaning: meaningOf[step] })
  const stuck = zones.filter(({ step }) => step === 'prepare' || step === 'unread' || step === 'mistaken')
  if (stuck.length === 0) return exitCode.ok
  log.error('Not every zone can go on', {
    zones: stuck.map(({ zone }) => zone.controller.region).join(', '),
    hint: 'srouter adopt --check says what to do first',
  })
  return exitCode.invalidInput
}

/** Nothing for a zone whose prefixes may be wrong, or where nobody knows what is in it. */
const objectsOf = ({ zone, step, adoptions }: Progress) =>
  step === 'prepare' || step === 'unread'
    ? []
    : ownershipEndpoints(
        zone,
        adoptions.filter(({ ownership }) => ownership.state === 'open').map(({ record }) => record),
      )
