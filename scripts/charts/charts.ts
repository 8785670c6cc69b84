import { routesChart } from './routes.ts'
import { srouterChart } from './srouter.ts'

const below = (folder: string, files: ReadonlyMap<string, string>): readonly (readonly [string, string])[] =>
  [...files].map(([path, text]) => [`${folder}/${path}`, text])

/** What is generated of charts/, by its path there. The rest of a chart is written by hand. */
export const charts: ReadonlyMap<string, string> = new Map([
  ...below('srouter', srouterChart),
  ...below('srouter-routes', routesChart),
])
