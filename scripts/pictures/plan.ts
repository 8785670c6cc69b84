import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { terminalPicture } from './terminal.ts'

export const picturePath = 'docs/plan.svg'

/** What the pull request of the picture does to workloads/shop.yaml: one route goes, one comes, one gets another gateway. */
const edits: readonly (readonly [string, string])[] = [
  ['name: api\n', 'name: cart\n'],
  ['serviceName: api\n', 'serviceName: cart\n'],
  ['gatewayName: external\n', 'gatewayName: internal\n'],
]

const inputs = ['-f', 'platform/common', '-f', 'platform/weu', '-f', 'workloads']
const shown = ['plan', ...inputs, '--current', 'published.yaml']

/** A picture of what `executable` prints in a terminal, on the example with these edits. */
export const planPicture = async (root: string, executable: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'srouter-picture-'))
  try {
    await cp(join(root, 'examples', 'two-regions'), folder, { recursive: true })
    const rendered = Bun.spawnSync([executable, 'render', ...inputs], { cwd: folder })
    if (!rendered.success) throw new Error(rendered.stderr.toString())
    await writeFile(join(folder, 'published.yaml'), rendered.stdout)
    const shop = join(folder, 'workloads', 'shop.yaml')
    let text = await readFile(shop, 'utf8')
    for (const [from, to] of edits) {
      if (!text.includes(from)) throw new Error(`workloads/shop.yaml has no ${JSON.stringify(from)}`)
      text = text.replace(from, to)
    }
    await writeFile(shop, text)
    const screen = await inTerminal([executable, ...shown], folder)
    return terminalPicture(
      'What srouter plan shows in a terminal',
      `\u001b[2m$\u001b[0m srouter ${shown.join(' ')}\n${screen}`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const inTerminal = async (command: readonly string[], cwd: string): Promise<string> => {
  let screen = ''
  const decoder = new TextDecoder()
  const child = Bun.spawn([...command], {
    cwd,
    env: { TERM: 'xterm-256color', HOME: cwd },
    terminal: {
      cols: 100,
      rows: 50,
      data: (_, data) => {
        screen += decoder.decode(data, { stream: true })
      },
    },
  })
  const code = await child.exited
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${screen}`)
  return screen
}
