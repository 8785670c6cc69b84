import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bindMissing, installBind } from './bind-tools.ts'
import { type Artifact, isCached, obtain } from './cache.ts'
import { crdFiles } from './crds.ts'
import { build, go, goTrouble } from './go.ts'
import { namespacesMissing, prepareNamespaces } from './namespace-tools.ts'
import { pins } from './pins.ts'
import { promtool } from './promtool.ts'

export const tools = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'external-dns',
  'helm',
  'kubectl',
  'kustomize',
  'promtool',
] as const
export type Tool = (typeof tools)[number]

/** What a test may want beside the control plane: something that the lab makes, or what the system has. */
export type Need = Tool | 'bind' | 'namespaces'
const isTool = (need: Need): need is Tool => need !== 'bind' && need !== 'namespaces'

/** What every control plane needs. */
export const controlPlaneTools = ['etcd', 'kube-apiserver', 'kube-controller-manager'] as const

interface Recipe extends Artifact {
  readonly name: Tool
}

const main = (imports: readonly string[], body: string): string =>
  `package main\n\nimport (\n${imports.map(path => `\t${path}`).join('\n')}\n)\n\nfunc main() { ${body} }\n`

const kubernetesProgram = (name: Tool, source: string): Recipe => {
  const version = pins.kubernetes
  const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(version) ?? []
  // Kubernetes has two copies of the package: the API server of 1.24 tells the version in client-go's.
  const stamped = ['component-base/version', 'client-go/pkg/version'].flatMap(path =>
    Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor }).map(
      ([field, value]) => `-X k8s.io/${path}.${field}=${value}`,
    ),
  )
  return {
    name,
    version,
    go: '1.25.0',
    make: folder =>
      build(folder, {
        module: 'k8s.io/kubernetes',
        version,
        source,
        ldflags: stamped.join(' '),
        output: name,
      }),
  }
}

/** One that has its command in a package of its own. */
const kubernetesServer = (name: Tool, command: string): Recipe =>
  kubernetesProgram(
    name,
    main(
      ['"os"', '"k8s.io/component-base/cli"', `"k8s.io/kubernetes/cmd/${name}/app"`],
      `os.Exit(cli.Run(app.${command}()))`,
    ),
  )

/** A program that builds as it is published: nothing in its go.mod is replaced. */
const installed = (
  name: Tool,
  version: string,
  minimum: string,
  path: string,
  ldflags: readonly string[] = [],
): Recipe => ({
  name,
  version,
  go: minimum,
  make: async folder => {
    const arguments_ = [
      'install',
      '-trimpath',
      '-ldflags',
      ['-s -w', ...ldflags].join(' '),
      `${path}@${version}`,
    ]
    await go(folder, arguments_, { GOBIN: folder })
  },
})

/** The version of Kubernetes that a chart is told of where no cluster is asked: as in Helm's own builds, its client's. */
const helmKubernetes = ['pkg/chartutil', 'pkg/lint/rules'].flatMap(place => [
  `-X helm.sh/helm/v3/${place}.k8sVersionMajor=1`,
  `-X helm.sh/helm/v3/${place}.k8sVersionMinor=37`,
])

const recipes: Readonly<Record<Tool, Recipe>> = {
  etcd: {
    name: 'etcd',
    version: pins.etcd,
    go: '1.24.0',
    make: folder =>
      build(folder, {
        module: 'go.etcd.io/etcd/server/v3',
        version: pins.etcd,
        source: main(['"os"', '"go.etcd.io/etcd/server/v3/etcdmain"'], 'etcdmain.Main(os.Args)'),
        output: 'etcd',
      }),
  },
  'kube-apiserver': kubernetesServer('kube-apiserver', 'NewAPIServerCommand'),
  'kube-controller-manager': kubernetesServer('kube-controller-manager', 'NewControllerManagerCommand'),
  'external-dns': installed('external-dns', pins.externalDns, '1.26.1', 'sigs.k8s.io/external-dns'),
  helm: installed('helm', pins.helm, '1.26.0', 'helm.sh/helm/v3/cmd/helm', helmKubernetes),
  // As its own main has it, but for "convert", which alone needs all of the server's API.
  kubectl: kubernetesProgram(
    'kubectl',
    main(
      ['"k8s.io/component-base/cli"', '"k8s.io/kubectl/pkg/cmd"', '"k8s.io/kubectl/pkg/cmd/util"'],
      'util.CheckErr(cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()))',
    ),
  ),
  kustomize: installed('kustomize', pins.kustomize, '1.24.0', 'sigs.k8s.io/kustomize/kustomize/v5'),
  promtool: {
    name: 'promtool',
    version: pins.prometheus,
    go: '1.26.7',
    make: folder => build(folder, promtool),
  },
}

/** KUBEBUILDER_ASSETS is where controller-runtime's tests look for etcd and kube-apiserver; who has them builds less. */
const provided = (tool: Tool): string | undefined => {
  const folder = process.env.KUBEBUILDER_ASSETS
  if (folder === undefined || !controlPlaneTools.some(needed => needed === tool)) return undefined
  const path = join(folder, tool)
  return existsSync(path) ? path : undefined
}

/** The path of the executable; it is built first where it is missing, which takes minutes. */
export const executable = async (tool: Tool): Promise<string> =>
  provided(tool) ?? join(await obtain(recipes[tool]), tool)

/** Why the lab cannot run here, and what to do about it; undefined where it can. `also` names what is wanted beside. */
export const labMissing = (...also: readonly Need[]): string | undefined => {
  const reasons = [
    goMissing(also.filter(isTool)),
    also.includes('bind') ? bindMissing() : undefined,
    also.includes('namespaces') ? namespacesMissing() : undefined,
  ]
  const known = reasons.filter(reason => reason !== undefined)
  return known.length === 0 ? undefined : known.join('; ')
}

const goMissing = (also: readonly Tool[]): string | undefined => {
  const wanted = [...controlPlaneTools, ...also]
    .filter(tool => provided(tool) === undefined)
    .map(tool => recipes[tool])
  const missing = [...wanted, crdFiles].filter(artifact => !isCached(artifact))
  const needed = missing
    .map(artifact => artifact.go)
    .sort(Bun.semver.order)
    .at(-1)
  const trouble = needed === undefined ? undefined : goTrouble(needed)
  if (trouble === undefined) return undefined
  const names = missing.map(({ name, version }) => `${name} ${version}`).join(', ')
  return `${names} must be made, with Go ${needed} or newer (go.dev), and ${trouble}`
}

/** Makes everything that is missing, one after another. */
export const prepareLab = async (...also: readonly Need[]): Promise<void> => {
  for (const tool of [...controlPlaneTools, ...also.filter(isTool)]) await executable(tool)
  await obtain(crdFiles)
  if (also.includes('bind')) await installBind()
  if (also.includes('namespaces')) await prepareNamespaces()
}
