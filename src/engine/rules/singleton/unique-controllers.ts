import type { ConfigurationRule } from './index.ts'

export const uniqueControllers: ConfigurationRule = ({ spec }) => {
  const names = new Set<string>()
  for (const [index, { name }] of (spec?.externalDNSControllers ?? []).entries()) {
    if (names.has(name))
      return {
        code: 'InvalidSpec',
        severity: 'error',
        effect: 'error',
        message: `two controllers have the name ${name}`,
        hint: 'give each controller a name of its own',
        path: ['spec', 'externalDNSControllers', index, 'name'],
      }
    names.add(name)
  }
  return undefined
}
