import { installSystemTool, programPath, type SystemTool, systemToolMissing } from './system.ts'

/** The one part of the lab that is not built from Go modules. */
const bind = {
  name: 'BIND 9',
  programs: ['named', 'dig', 'nsupdate'],
  packages: ['bind9', 'bind9-dnsutils'],
} as const satisfies SystemTool

/** Why there can be no BIND here, and how to get it; undefined where it is there or can be installed. */
export const bindMissing = (): string | undefined => systemToolMissing(bind)

/** Installs BIND where it is missing. */
export const installBind = (): Promise<void> => installSystemTool(bind)

/** The path of the program. */
export const bindProgram = async (program: (typeof bind.programs)[number]): Promise<string> => {
  await installBind()
  const path = programPath(program)
  if (path === null) throw new Error(`there is no ${program}`)
  return path
}
