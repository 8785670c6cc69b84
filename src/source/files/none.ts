import { routerKinds } from '../../api/kinds.ts'
import { groupOf } from '../../api/object.ts'
import type { LocatedFinding } from '../../engine/finding.ts'
import { located } from './findings.ts'
import type { FileInput } from './read.ts'

const ourGroups = new Set(routerKinds.map(({ group }) => group))

/**
 * The finding for input without a single router resource, which most likely is the wrong folder. Where something could
 * not be read, that says more: it may have been one.
 */
export const noRouterResources = (input: FileInput): LocatedFinding | undefined => {
  if (input.objects.some(({ apiVersion }) => ourGroups.has(groupOf(apiVersion)))) return undefined
  if (input.findings.some(({ severity }) => severity === 'error')) return undefined
  const found =
    input.files === 1 ? 'in the one file that was read' : `in the ${input.files} files that were read`
  const message = input.files === 0 ? 'there was no file to read' : `there is no router resource ${found}`
  const hint =
    input.files === 0
      ? 'Check the paths given with -f; in folders only *.yaml, *.yml and *.json are read.'
      : undefined
  return located('NoRouterResources', message, undefined, { hint })
}
