import { inChunks } from '../chunks.ts'
import type { Style } from '../style.ts'
import { planJson } from './json.ts'
import { planMarkdown } from './markdown.ts'
import type { PlanReport } from './report.ts'
import { planText } from './text.ts'
import { planYaml } from './yaml.ts'

/** What `plan -o` takes. */
export const planFormats = ['text', 'json', 'yaml', 'markdown'] as const
export type PlanFormat = (typeof planFormats)[number]

const renderers: Record<PlanFormat, (report: PlanReport, style: Style) => Iterable<string>> = {
  text: planText,
  json: planJson,
  yaml: planYaml,
  markdown: planMarkdown,
}

/** In chunks that are worth a write each. */
export const renderPlan = (report: PlanReport, format: PlanFormat, style: Style): Iterable<string> =>
  inChunks(renderers[format](report, style))
