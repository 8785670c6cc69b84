/** What is read of a container, as Kubernetes has it. */
export interface Container {
  readonly name?: string
  readonly image?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly env?: readonly Variable[]
}

interface Variable {
  readonly name: string
  readonly value?: string
  /** From a Secret, a ConfigMap or the pod: its value is not in the object. */
  readonly valueFrom?: unknown
}

/** What a container's variables are; undefined where a value is not in the object. */
export type Environment = ReadonlyMap<string, string | undefined>

/** A text after Kubernetes has put variables into it; `isKnown` is false where one of them is not in the object. */
export interface Word {
  readonly text: string
  readonly isKnown: boolean
}

/** A variable sees those before it. */
export const environmentOf = ({ env = [] }: Container): Environment => {
  const environment = new Map<string, string | undefined>()
  for (const { name, value = '', valueFrom } of env) {
    const word = expand(value, environment)
    environment.set(name, valueFrom === undefined && word.isKnown ? word.text : undefined)
  }
  return environment
}

/**
 * As the kubelet does it (k8s.io/kubernetes third_party/forked/golang/expansion). With A=1:
 *
 * | text      | answer    |                                       |
 * | --------- | --------- | ------------------------------------- |
 * | x$(A)     | x1        |                                       |
 * | $$(A)     | $(A)      |                                       |
 * | $(B)      | $(B)      | what there is no variable for, stays  |
 * | $A        | $A        |                                       |
 */
export const expand = (text: string, environment: Environment): Word => {
  let isKnown = true
  const expanded = text.replaceAll(/\$(\$|\(([^)]*)\))/g, (whole, what: string, name: string | undefined) => {
    if (what === '$') return '$'
    if (name === undefined || !environment.has(name)) return whole
    const value = environment.get(name)
    isKnown &&= value !== undefined
    return value ?? whole
  })
  return { text: expanded, isKnown }
}

/** What a program is given; undefined where a shell puts that together. */
export const argumentsOf = (
  { command = [], args = [] }: Container,
  environment: Environment,
): readonly Word[] | undefined => {
  const words = [...command, ...args].map(text => expand(text, environment))
  if (command.length === 0) return words
  if (words.some(({ text }) => /(^|\/)(ba|da|a|z)?sh$/.test(text))) return undefined
  // Others may come before it, such as an init for the container.
  const program = words.findLastIndex(({ text }) => /(^|\/)external-dns$/.test(text))
  return words.slice(Math.max(program, 0) + 1)
}
