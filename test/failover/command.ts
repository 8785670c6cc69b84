import { srouter } from '../executable/process.ts'
import type { Region } from '../lab/region.ts'

/** A command that has run to its end, and when it said what. */
export interface Told {
  readonly code: number
  readonly out: string
  readonly err: string
  /** As Date.now() has it, before it was started. */
  readonly began: number
  /** The lines of progress, with the seconds since it was started. */
  readonly lines: readonly { readonly seconds: number; readonly text: string }[]
}

/** A command as a person gives it to a cluster. One that does not end is killed. */
export const command = async (region: Region, ...argv: readonly string[]): Promise<Told> => {
  const began = Date.now()
  const child = Bun.spawn([srouter(), ...argv, '--kubeconfig', region.kubeconfig], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 150_000,
    killSignal: 'SIGKILL',
  })
  const lines: { readonly seconds: number; readonly text: string }[] = []
  let err = ''
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of child.stderr) {
      const text = decoder.decode(chunk, { stream: true })
      err += text
      const whole = (rest + text).split('\n')
      rest = whole.pop() ?? ''
      lines.push(...whole.map(line => ({ seconds: (Date.now() - began) / 1000, text: line.trim() })))
    }
  }
  const [code, out] = await Promise.all([child.exited, child.stdout.text(), read()])
  return { code, out, err, began, lines }
}

/** When it first said so, in seconds since it was started; undefined where it never did. */
export const saidAt = ({ lines }: Told, text: string): number | undefined =>
  lines.find(line => line.text.includes(text))?.seconds
