import type { ObjectChange, RecordChange } from '../../../engine/change.ts'
import type { Place } from '../../../source/place.ts'
import { list, type Member, value } from '../document.ts'
import { findingData, resourceData } from '../finding-data.ts'
import type { PlanReport } from './report.ts'

/** Additions are minor, all else is major. */
const formatVersion = '1.0'

/** The plan as JSON and YAML have it. The order of the keys is part of the format: same input, same bytes. */
export function* planDocument(report: PlanReport): Generator<[string, Member]> {
  yield ['formatVersion', value(formatVersion)]
  yield ['timestamp', value(report.timestamp)]
  yield ['cluster', value(clusterData(report))]
  yield ['applyable', value(report.applyable)]
  yield ['complete', value(report.complete)]
  yield ['summary', value(summaryData(report))]
  yield ['records', list(report.records, record => recordData(record, report.placeOf(record)))]
  yield ['objects', list(report.objects, objectData)]
  yield ['findings', list(report.findings, findingData)]
}

const clusterData = ({ cluster }: PlanReport): object | null =>
  cluster === undefined ? null : { cluster: cluster.cluster, region: cluster.region, domain: cluster.domain }

const summaryData = ({ summary }: PlanReport): object => ({
  add: summary.add,
  change: summary.change,
  delete: summary.delete,
  unchanged: summary.unchanged,
  held: summary.held,
})

const recordData = (record: RecordChange, place: Place | undefined): object => ({
  action: record.action,
  held: record.held,
  zone: record.zone,
  controller: record.controller,
  name: record.name,
  type: record.type,
  ttl: record.ttl,
  targets: record.targets,
  before: record.before === null ? null : { ttl: record.before.ttl, targets: record.before.targets },
  source:
    record.source === null
      ? null
      : { ...resourceData(record.source), file: place?.file ?? null, line: place?.line ?? null },
  reason: record.reason,
})

const objectData = (change: ObjectChange): object => ({
  action: change.action,
  ...resourceData(change.ref),
  before: change.before ?? null,
  after: change.after ?? null,
  reason: change.reason,
})
