import { shortName } from '../../api/object.ts'
import type { JudgedRoute } from '../../engine/evaluate.ts'
import { legalNames } from '../../engine/rules/route/legal-names.ts'
import { reservedName } from '../../engine/rules/route/reserved-name.ts'
import { brokenBy, type Known, type Link } from '../link.ts'

/** The route itself: valid, with a host that is legal, and its own. */
export const routeItself = (
  { resource, facts, issues }: JudgedRoute,
  { evaluation: { world, routes } }: Known,
): Link => {
  const issue =
    resource.issues.find(({ effect }) => effect !== 'note') ??
    legalNames(facts, world) ??
    reservedName(facts, world) ??
    issues.find(({ code }) => code === 'HostConflict')
  if (issue !== undefined) return brokenBy('route', issue)
  const name = shortName(resource.object.metadata)
  if (facts.host === undefined) return { link: 'route', state: 'ok', message: `ServiceRoute ${name}` }
  const rivals = routes.filter(each => each.resource !== resource && each.facts.host === facts.host)
  const others = rivals.map(each => each.resource.key).join(', ')
  return {
    link: 'route',
    state: 'ok',
    message: `ServiceRoute ${name} asks for ${facts.host}${others === '' ? '' : `; ${others} too, without effect`}`,
  }
}
