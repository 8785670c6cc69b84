import type { KubeObject } from '../../src/api/object.ts'

/** The objects of a YAML text; empty documents are left out. */
export const documents = <T = KubeObject>(yaml: string): T[] => {
  const parsed = Bun.YAML.parse(yaml)
  return (Array.isArray(parsed) ? parsed : [parsed]).filter(Boolean) as T[]
}
