import { connect, listAll } from './api.ts'

/** The least that reading a cluster takes: all objects of some kinds, listed, parsed and kept. `lists TARGET PATH…` */
const [target = '', ...paths] = process.argv.slice(2)
const api = connect(target)
const kept = await Promise.all(paths.map(path => listAll(api, path)))
console.log(kept.flat().length)
process.exit(0)
