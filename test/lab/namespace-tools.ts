import { installSystemTool, programPath, type SystemTool, systemToolMissing } from './system.ts'

const iproute = { name: 'ip', programs: ['ip'], packages: ['iproute2'] } as const satisfies SystemTool

/** Why there can be no network namespaces here; undefined where there can. */
export const namespacesMissing = (): string | undefined => {
  if (process.platform !== 'linux') return 'network namespaces need Linux'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  return systemToolMissing(iproute) ?? (programPath('ip') === null ? undefined : refused())
}

/** Installs what is missing, and makes sure that the kernel plays along. */
export const prepareNamespaces = async (): Promise<void> => {
  await installSystemTool(iproute)
  const trouble = namespacesMissing()
  if (trouble !== undefined) throw new Error(trouble)
}

export const ipProgram = (): string => {
  const path = programPath('ip')
  if (path === null) throw new Error('there is no ip')
  return path
}

/** Runs ip(8), and throws what it says when it fails. */
export const ip = (...args: readonly string[]): void => {
  const { success, stderr } = Bun.spawnSync([ipProgram(), ...args], { stdin: 'ignore' })
  if (!success) throw new Error(`ip ${args.join(' ')}: ${stderr.toString().trim()}`)
}

/** Containers are root and may none of it; some kernels have neither veth nor bridge. So it is tried. */
const refused = (): string | undefined => {
  const name = `srouter-trial-${process.pid}`
  try {
    ip('netns', 'add', name)
  } catch (thrown) {
    return `no network namespace can be made: ${(thrown as Error).message}`
  }
  try {
    ip('-n', name, 'link', 'add', 'name', 'one', 'type', 'veth', 'peer', 'name', 'other')
    ip('-n', name, 'link', 'add', 'name', 'switch', 'type', 'bridge')
    return undefined
  } catch (thrown) {
    return `the kernel has no virtual links: ${(thrown as Error).message}`
  } finally {
    ip('netns', 'del', name)
  }
}
