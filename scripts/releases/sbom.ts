import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import { type Lock, type Locked, lockedPackage, readLock } from './lock.ts'

/**
 * Prints the bill of materials of a release, as CycloneDX: what the executable's dependencies come to by
 * package-lock.json, and bun, which is in it as well. Nothing in it is of this machine or of this moment.
 */
const sbomOf = (lock: Lock, time: Date): string => {
  const { project, packages } = lock
  const program = new Models.Component(Enums.ComponentType.Application, project.name, {
    version: project.version,
    bomRef: refOf(project.name, project.version),
    purl: refOf(project.name, project.version),
  })
  program.licenses.add(licenseOf(project.license))

  const components = new Map<string, Models.Component>()
  const add = (from: Models.Component, path: string | undefined): void => {
    const locked = path === undefined ? undefined : packages[path]
    // what is optional may be for another platform, and then it is not installed
    if (path === undefined || locked === undefined) return
    const known = components.get(path)
    const component = known ?? componentOf(Enums.ComponentType.Library, nameIn(path), locked)
    from.dependencies.add(component.bomRef)
    if (known !== undefined) return
    components.set(path, component)
    for (const name of needsOf(locked)) add(component, installedFor(path, name, packages))
  }
  for (const name of Object.keys(project.dependencies)) add(program, installedFor('', name, packages))

  const bun = componentOf(Enums.ComponentType.Platform, 'bun', lockedPackage(lock, 'bun'))
  program.dependencies.add(bun.bomRef)

  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: program, timestamp: time }),
    components: new Models.ComponentRepository([...components.values(), bun]),
  })
  const normalize = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)
  return `${new Serialize.JsonSerializer(normalize).serialize(bom, { sortLists: true, space: 2 })}\n`
}

const componentOf = (
  type: Enums.ComponentType,
  name: string,
  { version, integrity, license }: Locked,
): Models.Component => {
  const component = new Models.Component(type, name, {
    version,
    bomRef: refOf(name, version),
    purl: refOf(name, version),
  })
  const [algorithm, base64 = ''] = integrity.split(/-(.*)/)
  if (algorithm !== 'sha512') throw new Error(`${name} has a checksum of another kind: ${integrity}`)
  component.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(base64, 'base64').toString('hex'))
  if (license === undefined) throw new Error(`package-lock.json says nothing of the license of ${name}`)
  component.licenses.add(licenseOf(license))
  return component
}

const licenseOf = (license: string): Models.SpdxLicense | Models.LicenseExpression =>
  / /.test(license) ? new Models.LicenseExpression(license) : new Models.SpdxLicense(license)

/** https://github.com/package-url/purl-spec: the @ of a scope is encoded, its slash is not. */
const refOf = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`

/** Peers as well, which npm installs, unless they are optional. */
const needsOf = ({
  dependencies,
  optionalDependencies,
  peerDependencies,
  peerDependenciesMeta = {},
}: Locked): readonly string[] =>
  Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }).filter(
    name => peerDependenciesMeta[name]?.optional !== true,
  )

/** `node_modules/a/node_modules/@b/c` is `@b/c`. */
const nameIn = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Where Node would find `name` from the package at `path`: in its own node_modules, or in one further up. */
const installedFor = (path: string, name: string, packages: Lock['packages']): string | undefined => {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/')))) {
    const candidate = `${from === '' ? '' : `${from}/`}node_modules/${name}`
    if (candidate in packages) return candidate
    if (from === '') return undefined
  }
}

const time = new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000)
process.stdout.write(sbomOf(readLock(), time))
