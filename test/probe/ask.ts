import type { ProbeTarget } from '../../src/api/probe-outcome.ts'
import { ask, said } from './support.ts'

/** `askElsewhere` runs this: it probes what its argument says, and prints what came of it. */
const [, , target = '', address = '127.0.0.1'] = process.argv
console.log(said(await ask(JSON.parse(target) as ProbeTarget, address)))
