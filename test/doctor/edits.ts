import type { KubeObject } from '../../src/api/object.ts'

/** Small changes to the objects of a scene. */
export type Edit = (objects: readonly KubeObject[]) => readonly KubeObject[]

export const both =
  (...edits: readonly Edit[]): Edit =>
  objects =>
    edits.reduce((before, edit) => edit(before), objects)

const is =
  (kind: string, name: string) =>
  ({ kind: its, metadata }: KubeObject): boolean =>
    its === kind && metadata.name === name

export const without =
  (kind: string, ...names: readonly string[]): Edit =>
  objects =>
    objects.filter(each => each.kind !== kind || (names.length > 0 && !names.includes(each.metadata.name)))

export const add =
  (...more: readonly KubeObject[]): Edit =>
  objects => [...objects, ...more]

export const change =
  (kind: string, name: string, to: (object: KubeObject) => object): Edit =>
  objects =>
    objects.map(each => (is(kind, name)(each) ? ({ ...each, ...to(each) } as KubeObject) : each))

export const spec = (kind: string, name: string, more: object): Edit =>
  change(kind, name, object => ({ spec: { ...(object.spec as object), ...more } }))

interface PodSpec {
  readonly containers: readonly { readonly args?: readonly string[]; readonly image?: string }[]
  readonly initContainers?: readonly object[]
}
interface Template {
  readonly template: { readonly spec: PodSpec }
}

/** The pod of an ExternalDNS, or of any other Deployment. */
export const pod = (name: string, to: (pod: PodSpec) => object): Edit =>
  change('Deployment', name, object => {
    const before = object.spec as Template
    const after = { ...before.template.spec, ...to(before.template.spec) }
    return { spec: { ...before, template: { ...before.template, spec: after } } }
  })

export const container = (name: string, to: (args: readonly string[]) => object): Edit =>
  pod(name, ({ containers: [first, ...rest] }) => ({
    containers: [{ ...first, ...to(first?.args ?? []) }, ...rest],
  }))

/** Replaces a flag's values, or adds it; none takes it out. */
export const flag = (name: string, given: string, ...values: readonly string[]): Edit =>
  container(name, args => ({
    args: [
      ...args.filter(arg => arg.split('=')[0] !== `--${given}`),
      ...values.map(value => (value === '' ? `--${given}` : `--${given}=${value}`)),
    ],
  }))

export const image = (name: string, tag: string): Edit =>
  container(name, () => ({ image: `registry.k8s.io/external-dns/external-dns:${tag}` }))
