import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../src/lib/errors.ts'
import { cacheFolder, withLock } from './cache.ts'
import { startControlPlane } from './cluster.ts'
import { files, toolOf } from './components.ts'
import { allCrds } from './crds.ts'
import { demo } from './demo.ts'
import { documents } from './documents.ts'
import { endRecorded, recorded } from './process.ts'
import { say, seconds } from './say.ts'
import { executable, labMissing, prepareLab, tools } from './tools.ts'

/** `scripts/lab`: a control plane for a person. Results go to stdout, everything else to stderr. */
const usage = `usage: scripts/lab COMMAND

  up            start etcd, kube-apiserver and kube-controller-manager on 127.0.0.1, with the CRDs; print the kubeconfig's path
  down          end them, and remove their data
  status        what runs, and where (exit code 1: it does not run whole)
  kubeconfig    print the kubeconfig's path
  demo          a region fails, another stands in for it and hands back: watch what every zone answers; some two minutes
  build [TOOL…] only make what is missing; TOOL: ${tools.join(', ')}`

/** One per cache folder, so that `down` finds what `up` started. */
const folder = (): string => {
  mkdirSync(cacheFolder(), { recursive: true })
  return join(realpathSync(cacheFolder()), 'up')
}
const kubeconfigPath = (): string => join(folder(), files.kubeconfig)

const all = Object.values(toolOf)
const running = (): boolean => all.every(tool => recorded(folder()).has(tool))

const up = async (): Promise<number> => {
  const missing = labMissing()
  if (missing !== undefined) {
    say(`cannot start: ${missing}`)
    return 1
  }
  await prepareLab()
  return withLock(`${folder()}.lock`, async () => {
    if (running()) say(`is up already, at ${serverUrl()}`)
    else {
      if (existsSync(folder())) say('what an earlier run left is ended and removed')
      await remove()
      const started = performance.now()
      const plane = await startControlPlane({ folder: folder(), outlive: true, manifests: await allCrds() })
      say(`up at ${plane.url} in ${seconds(performance.now() - started)}; end it with \`scripts/lab down\``)
    }
    console.log(kubeconfigPath())
    return 0
  })
}

const down = (): Promise<number> =>
  withLock(`${folder()}.lock`, async () => {
    const names = [...recorded(folder()).keys()]
    await remove()
    say(names.length === 0 ? 'was not up' : `ended ${names.join(', ')}`)
    return 0
  })

const status = async (): Promise<number> => {
  const pids = recorded(folder())
  for (const tool of all) {
    const pid = pids.get(tool)
    console.log(`${tool.padEnd(24)} ${pid === undefined ? 'does not run' : `pid ${pid}`}`)
  }
  if (existsSync(kubeconfigPath()))
    console.log(`${'server'.padEnd(24)} ${serverUrl()}\n${'kubeconfig'.padEnd(24)} ${kubeconfigPath()}`)
  return running() ? 0 : 1
}

const kubeconfig = async (): Promise<number> => {
  if (running()) {
    console.log(kubeconfigPath())
    return 0
  }
  say('is not up; start it with `scripts/lab up`')
  return 1
}

const build = async (names: readonly string[]): Promise<number> => {
  const wanted = tools.filter(tool => names.includes(tool))
  const unknown = names.filter(name => !tools.some(tool => tool === name))
  if (unknown.length > 0) {
    say(`no tool ${unknown.join(', ')}; there are ${tools.join(', ')}`)
    return 64
  }
  const missing = labMissing(...wanted)
  if (missing !== undefined) {
    say(`cannot build: ${missing}`)
    return 1
  }
  await prepareLab(...wanted)
  for (const tool of new Set([...all, ...wanted])) console.log(await executable(tool))
  return 0
}

/** In a lab of its own: what `up` started is not touched. */
const watchDemo = async (): Promise<number> => {
  const missing = labMissing('bind', 'external-dns')
  if (missing !== undefined) {
    say(`cannot start: ${missing}`)
    return 1
  }
  await prepareLab('bind', 'external-dns')
  return demo()
}

const remove = async (): Promise<void> => {
  await endRecorded(folder())
  rmSync(folder(), { recursive: true, force: true })
}

const serverUrl = (): string => {
  const [config] = documents<{ clusters: { cluster: { server: string } }[] }>(
    readFileSync(kubeconfigPath(), 'utf8'),
  )
  return config?.clusters[0]?.cluster.server ?? ''
}

const run = async ([command, ...rest]: readonly string[]): Promise<number> => {
  if (command === 'build') return build(rest)
  const commands: Readonly<Record<string, () => Promise<number>>> = {
    up,
    down,
    status,
    kubeconfig,
    demo: watchDemo,
  }
  const chosen = command === undefined || rest.length > 0 ? undefined : commands[command]
  if (chosen !== undefined) return chosen()
  if (command === 'help' || command === '--help') {
    console.log(usage)
    return 0
  }
  console.error(usage)
  return 64
}

try {
  // Not process.exitCode: a handle left open by what goes on running must not hold the command.
  process.exit(await run(process.argv.slice(2)))
} catch (thrown) {
  say(messageOf(thrown))
  process.exit(1)
}
