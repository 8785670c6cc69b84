import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import * as v from 'valibot'
import type { KubeObject } from '../api/object.ts'
import { counted } from '../lib/counted.ts'
import { exitCode, messageOf, UserError } from '../lib/errors.ts'
import { joined } from './render/chunks.ts'
import { planJson } from './render/plan/json.ts'
import type { PlanReport } from './render/plan/report.ts'

/** What a saved plan rests on; a plan that was made without a cluster has none. */
export interface Resting {
  readonly options: {
    readonly adopt: readonly string[]
    readonly allowDeletes: number | null
    readonly defaultGatewayNamespace: string
    readonly onlyFiles: boolean
  }
  /** The objects of -f, or null where there was none. */
  readonly files: readonly KubeObject[] | null
  /** By object key: uid and content of the inputs and targets. */
  readonly basis: Readonly<Record<string, string>>
}

const saved = v.looseObject({
  digest: v.string(),
  timestamp: v.string(),
  saved: v.nullable(
    v.object({
      options: v.object({
        adopt: v.array(v.string()),
        allowDeletes: v.nullable(v.number()),
        defaultGatewayNamespace: v.string(),
        onlyFiles: v.boolean(),
      }),
      files: v.nullable(v.array(v.custom<KubeObject>(value => typeof value === 'object' && value !== null))),
      basis: v.record(v.string(), v.string()),
    }),
  ),
  applyable: v.boolean(),
  // Not looked into, because that would put their members in another order.
  records: v.array(v.unknown()),
  objects: v.array(v.unknown()),
  findings: v.array(v.looseObject({ severity: v.string(), code: v.string(), message: v.string() })),
})

type Saved = v.InferOutput<typeof saved>

export interface SavedPlan {
  readonly resting: Resting
  /** When it was made, in RFC 3339. */
  readonly timestamp: string
  /** What it would do, to be compared with what would be done now. */
  readonly content: string
}

/**
 * A saved plan is the plan's JSON with two more members: `saved`, what it rests on, and `digest`, SHA-256 over all
 * the rest, so that an edited plan is refused.
 */
export const savePlan = async (file: string, report: PlanReport, resting: Resting | null): Promise<void> => {
  const body = { ...(JSON.parse(joined(planJson(report))) as object), saved: resting }
  try {
    await writeFile(file, `${JSON.stringify({ ...body, digest: digestOf(body) }, undefined, 1)}\n`)
  } catch (error) {
    throw new UserError(
      exitCode.invalidInput,
      `cannot save the plan to ${file}: ${messageOf(error)}`,
      'name a file in a folder that exists and that you may write to',
    )
  }
}

export const loadPlan = async (file: string): Promise<SavedPlan> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError(exitCode.invalidInput, `cannot read the plan ${file}: ${messageOf(error)}`)
  })
  const { digest, ...written } = json(text, file)
  const body = shaped({ digest, ...written }, file)
  if (digestOf(written) !== digest) throw refused(`the plan ${file} has been edited since it was saved`)
  if (body.saved === null)
    throw refused(`the plan ${file} was made without a cluster, so it cannot be applied to one`)
  refuseErrors(body, file)
  return { resting: body.saved, timestamp: body.timestamp, content: contentOf(body) }
}

/** Its files are not read again, so what was wrong with them would not be found again either. */
const refuseErrors = ({ applyable, findings }: Saved, file: string): void => {
  if (applyable) return
  const errors = findings.filter(({ severity }) => severity === 'error')
  const [first] = errors
  throw new UserError(
    exitCode.invalidInput,
    `the plan ${file} has ${counted(errors.length, 'error')}: ${first?.code}: ${first?.message}`,
    'mend that, and make a new plan: srouter plan --out FILE',
  )
}

const noPlan = (file: string): UserError =>
  isManifest(file)
    ? new UserError(
        exitCode.stalePlan,
        `${file} is no saved plan`,
        `manifests are given with -f: srouter apply -f ${file}`,
      )
    : refused(`${file} is no saved plan, or has been edited`)

const isManifest = (file: string): boolean => /\.ya?ml$/.test(file)

const json = (text: string, file: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {}
  throw noPlan(file)
}

const shaped = (value: unknown, file: string): Saved => {
  const result = v.safeParse(saved, value)
  if (!result.success) throw noPlan(file)
  return result.output
}

export const refused = (message: string): UserError =>
  new UserError(exitCode.stalePlan, message, 'make a new one: srouter plan --out FILE')

/** The part of a plan that says what it does. Where the files have it from is none: they are not read again. */
const contentOf = ({ records, objects }: Pick<Saved, 'records' | 'objects'>): string =>
  digestOf({ records: records.map(placeless), objects })

const placeless = (record: unknown): unknown => {
  const { source, ...rest } = record as { readonly source?: object | null }
  return { ...rest, source: source ? { ...source, file: null, line: null } : null }
}

export const reportContent = (report: PlanReport): string =>
  contentOf(JSON.parse(joined(planJson({ ...report, findings: [] }))) as Saved)

const digestOf = (body: unknown): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`
