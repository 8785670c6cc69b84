import { codesPage } from './codes.ts'
import { commandsPage } from './commands.ts'
import { resourcesPage } from './resources.ts'

/** docs/reference: what is in the code, in tables. */
export const referencePages = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['codes.md', codesPage()],
    ['commands.md', await commandsPage()],
    ['resources.md', resourcesPage()],
  ])
