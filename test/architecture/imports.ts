import type { SourceText } from './source-text.ts'

export interface Import {
  readonly from: string
  /** `import type` and `export type`: gone when the program runs. */
  readonly typeOnly: boolean
  /** What stands between `import` and `from`. */
  readonly names: string
}

const patterns = {
  /** `import x, { y } from 'z'`, `export * from 'z'` */
  from: /(?:^|[;\n])\s*(import|export)\s+(type\s+)?([\w$*{}\s,]+?)\s*from\s*(['"])(.*?)\4/g,
  /** `import 'z'` */
  effect: /(?:^|[;\n])\s*import\s*(['"])(.*?)\1/g,
  /** `import('z')`, `require('z')`, also as a type */
  call: /\b(?:import|require)\s*\(\s*(['"`])(.*?)\1/g,
}

/** Written for this, as Bun.Transpiler.scanImports drops imports of types. */
export const importsOf = ({ code }: SourceText): readonly Import[] => [
  ...[...code.matchAll(patterns.from)].map(([, , type, names = '', , from = '']) => ({
    from,
    typeOnly: type !== undefined,
    names,
  })),
  ...[...code.matchAll(patterns.effect)].map(([, , from = '']) => ({ from, typeOnly: false, names: '' })),
  ...[...code.matchAll(patterns.call)].map(([, , from = '']) => ({ from, typeOnly: false, names: '' })),
]
