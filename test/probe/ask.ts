import type { ProbeTarget } from '../../src/api/probe-outcome.ts'
import { ask, said } from './support.ts'

/** `bun ask.ts TARGET`: probes every address that it reads from stdin, one a line, and prints what came of it. */
const target = JSON.parse(process.argv[2] ?? '') as ProbeTarget
for await (const address of console) console.log(said(await ask(target, address)))
