import * as v from 'valibot'
import { dnsPolicySpec } from '../../src/api/dns-policy.ts'
import { described, dnsLabel } from '../../src/api/fields.ts'
import { serviceRouteSpec } from '../../src/api/service-route.ts'
import { chartYaml, global, schemaText, valuesText } from './values.ts'

/** charts/srouter-routes: its values are the fields of the kinds that an application team writes. */

const { serviceName, ...common } = serviceRouteSpec.entries

/** The same fields, where "" says nothing: so that each can be seen in values.yaml. */
const orEmpty = (fields: v.ObjectEntries) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, v.optional(emptyOr(fieldOf(field)))]),
  )

const emptyOr = (field: v.GenericSchema) => {
  const { pipe } = field as { readonly pipe?: readonly { type: string; requirement?: unknown }[] }
  const requirement = (type: string) => pipe?.find(action => action.type === type)?.requirement
  const { source } = requirement('regex') as RegExp
  return v.pipe(
    v.string(),
    v.maxLength(requirement('max_length') as number),
    v.regex(new RegExp(`^$|${source}`)),
    v.description(v.getDescription(field) ?? ''),
  )
}

const optional = (fields: v.ObjectEntries) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, v.optional(fieldOf(field))]))

/** Behind "optional". */
const fieldOf = (schema: object): v.GenericSchema =>
  'wrapped' in schema ? (schema.wrapped as v.GenericSchema) : (schema as v.GenericSchema)

const { mode, ...source } = dnsPolicySpec.entries

const routesValues = v.strictObject({
  defaults: described(
    v.strictObject(orEmpty(common)),
    'Of every route that does not say it itself. gatewayName, environment and application each have to be ' +
      'said, here or there.',
  ),
  routes: described(
    v.record(dnsLabel('The name of the ServiceRoute.'), v.strictObject(optional({ serviceName, ...common }))),
    'ServiceRoutes by their names, such as {web: {gatewayName: external}, api: {}}. The serviceName is the name ' +
      'unless it says another one.',
  ),
  policy: described(
    v.strictObject({
      enabled: described(v.boolean(), 'A namespace has one: false where it comes from somewhere else.'),
      mode: described(fieldOf(mode), v.getDescription(fieldOf(mode)) ?? ''),
      ...orEmpty(source),
    }),
    'The DNSPolicy of the namespace.',
  ),
  global: v.optional(global),
})

const empty = (fields: object) => Object.fromEntries(Object.keys(fields).map(name => [name, '']))
const defaults = {
  defaults: empty(common),
  routes: {},
  policy: { enabled: true, mode: v.getDefault(mode), ...empty(source) },
}

/** The files of charts/srouter-routes that are generated, by their path there. */
export const routesChart: ReadonlyMap<string, string> = new Map([
  ['Chart.yaml', chartYaml('srouter-routes', 'The DNSPolicy and the ServiceRoutes of a namespace.')],
  ['values.yaml', valuesText(routesValues, defaults)],
  ['values.schema.json', schemaText(routesValues)],
])
