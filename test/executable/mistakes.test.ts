import { expect, test } from 'bun:test'
import { goldens } from '../lib/golden.ts'
import { execute, executeInTerminal, srouter } from './process.ts'

/** A folder with a bit of everything that people get wrong, as each command and format tells of it. */
const golden = goldens('mistakes')

const files = ['-f', 'test/executable/fixtures/mistakes']

test.each([
  ['text', 'txt'],
  ['json', 'json'],
  ['github', 'github.txt'],
  ['junit', 'xml'],
  ['sarif', 'sarif'],
])('validate -o %s', async (format, extension) => {
  const { code, out, err } = await execute(srouter(), ['validate', ...files, '-o', format])
  expect([code, err]).toEqual([1, ''])
  golden(`validate.${extension}`, out)
})

test('validate --strict', async () => {
  const { code, out } = await execute(srouter(), ['validate', '--strict', ...files])
  expect(code).toBe(1)
  golden('validate-strict.txt', out)
})

test('in a terminal', async () => {
  const { code, out } = await executeInTerminal(srouter(), ['validate', ...files])
  expect(code).toBe(1)
  golden('validate-terminal.txt', out.replaceAll('\r\n', '\n'))
})

test.each([
  ['text', 'txt'],
  ['markdown', 'md'],
])('plan -o %s shows what is sound all the same', async (format, extension) => {
  const { code, out, err } = await execute(srouter(), ['plan', '--current', 'none', ...files, '-o', format])
  expect([code, err]).toEqual([1, ''])
  golden(`plan.${extension}`, out)
})

test('plan -o json and yaml end with the same code', async () => {
  for (const format of ['json', 'yaml']) {
    const argv = ['plan', '--current', 'none', ...files, '--detailed-exitcode', '-o', format]
    const { code, out } = await execute(srouter(), argv)
    expect(code).toBe(1)
    expect(out).toContain('MissingNamespace')
  }
})

test('render: the objects on standard output, the findings on standard error', async () => {
  const { code, out, err } = await execute(srouter(), ['render', ...files])
  expect(code).toBe(1)
  golden('render.yaml', out)
  golden('render-errors.txt', err)
})
