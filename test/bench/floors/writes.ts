import { readFileSync } from 'node:fs'
import { connect, expectOk } from './api.ts'

/** An object to apply, and where. */
export interface Write {
  readonly path: string
  readonly body: unknown
}

const concurrency = 32

/**
 * The least that writing takes: server-side applies in a loop, 32 at a time. `writes TARGET FILE`: FILE has lists of
 * writes, and each list begins when the one before has ended.
 */
const [target = '', file = ''] = process.argv.slice(2)
const api = connect(target)
const phases = JSON.parse(readFileSync(file, 'utf8')) as readonly (readonly Write[])[]
for (const phase of phases) {
  const queue = phase.values()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const { path, body } of queue)
        await expectOk(
          await api.fetch(`${api.url}${path}?fieldManager=bench&force=true`, {
            method: 'PATCH',
            headers: { 'Content-Type': 'application/apply-patch+yaml' },
            body: JSON.stringify(body),
          }),
        )
    }),
  )
}
process.exit(0)
