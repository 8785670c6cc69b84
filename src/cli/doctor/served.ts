import { DNSEndpoint, IstioGateway, type KindInfo, routerKinds } from '../../api/kinds.ts'
import { nameOfKind } from '../../doctor/checks/crds.ts'
import type { Facts, ServedVersion } from '../../doctor/facts.ts'
import { type OpenApiSchema, servedFields } from '../../doctor/fields.ts'
import { isForbidden, isNotFound, type KubeClient, served, servedKinds } from '../../kube/index.ts'

interface Asking {
  readonly client: KubeClient
  readonly signal: AbortSignal
}

/** By discovery, which everybody may read. */
export const servedVersions = async (asking: Asking): Promise<Facts['served']> => {
  const kinds = [...routerKinds, DNSEndpoint, IstioGateway]
  const groups = [...new Set(kinds.map(({ group }) => group))]
  const found = new Map(
    await Promise.all(groups.map(async group => [group, await versionsOf(group, asking)] as const)),
  )
  return new Map(
    kinds.map(kind => [
      nameOfKind(kind),
      (found.get(kind.group) ?? []).flatMap(({ version, resources, schemas }): readonly ServedVersion[] => {
        const resource = resources.find(({ plural }) => plural === kind.plural)
        if (resource === undefined) return []
        return [{ version, hasStatus: resource.status, fields: fieldsIn(schemas, { ...kind, version }) }]
      }),
    ]),
  )
}

const versionsOf = async (group: string, { client, signal }: Asking) => {
  const isOurs = routerKinds.some(kind => kind.group === group)
  const versions = await served(client, group, { signal })
  return Promise.all(
    versions.map(async version => ({
      version,
      resources: await servedKinds(client, `${group}/${version}`, { signal }),
      schemas: isOurs ? await schemasOf(`${group}/${version}`, { client, signal }) : {},
    })),
  )
}

interface Schemas {
  readonly components?: { readonly schemas?: Readonly<Record<string, Described>> }
}

interface Described extends OpenApiSchema {
  readonly 'x-kubernetes-group-version-kind'?: readonly Pick<KindInfo, 'group' | 'version' | 'kind'>[]
}

/** As the API server publishes them; none where it is too old for that, or keeps them to itself. */
const schemasOf = async (
  apiVersion: string,
  { client, signal }: Asking,
): Promise<Readonly<Record<string, Described>>> => {
  try {
    const path = `/openapi/v3/apis/${apiVersion}`
    const { components } = await client.json<Schemas>({ verb: 'get', on: { path }, signal })
    return components?.schemas ?? {}
  } catch (thrown) {
    if (isNotFound(thrown) || isForbidden(thrown)) return {}
    throw thrown
  }
}

const fieldsIn = (
  schemas: Readonly<Record<string, Described>>,
  { group, version, kind }: KindInfo,
): readonly string[] | undefined => {
  const found = Object.values(schemas).find(schema =>
    schema['x-kubernetes-group-version-kind']?.some(
      each => each.group === group && each.version === version && each.kind === kind,
    ),
  )
  const spec = found?.properties?.spec
  return spec === undefined ? undefined : servedFields(spec)
}
