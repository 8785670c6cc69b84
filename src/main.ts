import { commands } from './cli/commands/index.ts'
import { run } from './cli/run.ts'

process.exit(await run(process.argv.slice(2), commands))
