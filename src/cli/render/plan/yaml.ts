import { yamlText } from '../yaml.ts'
import { planDocument } from './data.ts'
import type { PlanReport } from './report.ts'

export const planYaml = (report: PlanReport): Iterable<string> => yamlText(planDocument(report))
