import { stringify } from 'yaml'

/**
 * A template of Helm as data: a YAML document of which some places are filled, left out or extended by values.
 *
 * | node                                        | is written as                                  |
 * | ------------------------------------------- | ---------------------------------------------- |
 * | scalar `a`                                  | `a`                                            |
 * | scalar `{{ .Release.Namespace }}`           | `"{{ .Release.Namespace }}"`                   |
 * | expression `.Values.replicas`               | `{{ .Values.replicas }}`                       |
 * | block `toYaml .Values.resources`            | `{{- toYaml .Values.resources \| nindent 4 }}` |
 * | member with `when`                          | the same between `{{- if … }}` and `{{- end }}` |
 */
export type Node =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
  /** A number or boolean of the values. */
  | { readonly kind: 'expression'; readonly expression: string }
  /** YAML of several lines; without a key, its members are those of where it stands. */
  | { readonly kind: 'block'; readonly expression: string }
  | Collection

export interface Collection {
  readonly kind: 'mapping' | 'list'
  readonly members: readonly Member[]
}

export interface Member {
  /** Absent in lists, and where a block has the keys. */
  readonly key?: string
  readonly node: Node
  readonly when?: string
}

/** A piece of text that Helm fills. */
export const hole = (expression: string): string => `{{ ${expression} }}`

export const nodeOf = (data: unknown): Node =>
  typeof data === 'object' && data !== null
    ? collectionOf(data)
    : { kind: 'scalar', value: data as string | number | boolean | null }

export const collectionOf = (data: object): Collection => {
  if (Array.isArray(data)) return { kind: 'list', members: data.map(item => ({ node: nodeOf(item) })) }
  const entries = Object.entries(data).filter(([, value]) => value !== undefined)
  return { kind: 'mapping', members: entries.map(([key, value]) => ({ key, node: nodeOf(value) })) }
}

/**
 * One template out of two: `on` where the condition holds, else `off`. `on` may have more members than `off`, and
 * nothing else.
 */
export const merge = (off: Collection, on: Collection, when: string, at = ''): Collection => {
  if (off.kind !== on.kind) throw new Error(`"${when}" would change ${at}, and can only add`)
  let next = 0
  const members = on.members.map(member => {
    const twin = off.members[next]
    if (twin === undefined || twin.key !== member.key) {
      if (member.when !== undefined) throw new Error(`two conditions for ${at}.${member.key}`)
      return { ...member, when }
    }
    next++
    return { ...member, node: merged(twin.node, member.node, when, `${at}.${member.key ?? next - 1}`) }
  })
  if (next < off.members.length) throw new Error(`"${when}" would take something away from ${at}`)
  return { kind: on.kind, members }
}

const merged = (off: Node, on: Node, when: string, at: string): Node => {
  if (Bun.deepEquals(off, on)) return off
  if (isCollection(off) && isCollection(on)) return merge(off, on, when, at)
  throw new Error(`"${when}" would change ${at}, and can only add`)
}

const isCollection = (node: Node): node is Collection => node.kind === 'mapping' || node.kind === 'list'

/** The tree with another member at a path such as `daemon.Deployment.spec.containers.0`; objects go by their kinds. */
const changed = (node: Collection, path: string, change: (old: Member) => Member): Collection => {
  const [first = '', ...rest] = path.split('.')
  let found = 0
  const members = node.members.map((member, index) => {
    if (![member.key, String(index), kindOf(member.node)].includes(first)) return member
    found++
    if (rest.length === 0) return change(member)
    if (!isCollection(member.node)) throw new Error(`nothing is below ${first} of ${path}`)
    return { ...member, node: changed(member.node, rest.join('.'), change) }
  })
  if (found !== 1) throw new Error(`there are ${found} of ${first}, which ${path} names`)
  return { ...node, members }
}

/** Of a Kubernetes object. */
const kindOf = (node: Node): string | undefined => {
  const kind = node.kind === 'mapping' ? node.members.find(({ key }) => key === 'kind')?.node : undefined
  return kind?.kind === 'scalar' ? String(kind.value) : undefined
}

export const replaced = (node: Collection, path: string, by: Node): Collection =>
  changed(node, path, member => ({ ...member, node: by }))

/** The tree in which a member is there under a condition. */
export const conditional = (node: Collection, path: string, when: string): Collection =>
  changed(node, path, member => ({ ...member, when }))

/** The tree with one more member in a collection. */
export const extended = (node: Collection, path: string, member: Member): Collection =>
  changed(node, path, old => {
    if (!isCollection(old.node)) throw new Error(`${path} has no members`)
    return { ...old, node: { ...old.node, members: [...old.node.members, member] } }
  })

/** Lines of YAML with Helm's actions. */
export const linesOf = (node: Node, indent = ''): readonly string[] => {
  if (node.kind === 'block') return [block(node.expression, indent)]
  if (!isCollection(node)) return [`${indent}${inline(node)}`]
  return grouped(node.members).flatMap(({ when, members }) => {
    const lines = members.flatMap(member => memberLines(member, indent))
    return when === undefined ? lines : between(when, lines, indent)
  })
}

const memberLines = ({ key, node }: Member, indent: string): readonly string[] => {
  if (key !== undefined) return entryLines(key, node, indent)
  return node.kind === 'block' ? linesOf(node, indent) : itemLines(node, indent)
}

/** Neighbours with one condition are together. */
const grouped = (members: readonly Member[]) => {
  const groups: { readonly when: string | undefined; readonly members: Member[] }[] = []
  for (const member of members) {
    const last = groups.at(-1)
    if (last !== undefined && last.when === member.when) last.members.push(member)
    else groups.push({ when: member.when, members: [member] })
  }
  return groups
}

export const between = (when: string, lines: readonly string[], indent = ''): readonly string[] => [
  `${indent}{{- if ${when} }}`,
  ...lines,
  `${indent}{{- end }}`,
]

const itemLines = (node: Node, indent: string): readonly string[] => {
  const [first = '', ...rest] = linesOf(node, `${indent}  `)
  if (first.trimStart().startsWith('{{-')) throw new Error('a list item cannot begin with a condition')
  return [`${indent}- ${first.trimStart()}`, ...rest]
}

const entryLines = (key: string, node: Node, indent: string): readonly string[] => {
  const name = `${indent}${scalar(key)}:`
  if (node.kind !== 'block' && !isCollection(node)) return [`${name} ${inline(node)}`]
  if (isCollection(node) && node.members.length === 0)
    return [`${name} ${node.kind === 'list' ? '[]' : '{}'}`]
  return [name, ...linesOf(node, `${indent}  `)]
}

const block = (expression: string, indent: string): string =>
  `${indent}{{- ${expression} | nindent ${indent.length} }}`

const inline = (node: Extract<Node, { kind: 'scalar' | 'expression' }>): string =>
  node.kind === 'scalar' ? scalar(node.value) : hole(node.expression)

const scalar = (value: string | number | boolean | null): string =>
  typeof value === 'string' && value.includes('{{')
    ? `"${value}"`
    : stringify(value, { lineWidth: 0, blockQuote: false, compat: 'yaml-1.1' }).trimEnd()
