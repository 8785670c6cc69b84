import { jsonText } from '../json.ts'
import { planDocument } from './data.ts'
import type { PlanReport } from './report.ts'

export const planJson = (report: PlanReport): Iterable<string> => jsonText(planDocument(report))
