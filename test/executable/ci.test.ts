import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { parsePage } from '../docs/markdown.ts'
import { type Ended, execute, root, srouter } from './process.ts'

/** The steps of examples/ci, run as they are on a pull request that changes examples/two-regions. */

interface Step {
  readonly name?: string
  readonly displayName?: string
  /** GitHub's. */
  readonly run?: string
  /** Azure's. */
  readonly bash?: string
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const github = parse(read('examples/ci/github-actions.yaml')) as {
  readonly jobs: {
    readonly check: {
      readonly strategy: { readonly matrix: { readonly cluster: string[] } }
      readonly steps: Step[]
    }
  }
}
const azure = parse(read('examples/ci/azure-pipelines.yaml')) as {
  readonly strategy: { readonly matrix: Readonly<Record<string, { readonly cluster: string }>> }
  readonly steps: Step[]
}
const scripts = (steps: readonly Step[]): ReadonlyMap<string, string> =>
  new Map(
    steps
      .flatMap(
        ({ name, displayName, run, bash }) => [[name ?? displayName ?? '', run ?? bash ?? '']] as const,
      )
      .filter(([, script]) => script !== ''),
  )

/** A program that notes what it is called with. */
const stub = (body: string): string => `#!/bin/bash\necho "$(basename "$0") $*" >>"$LOG"\n${body}\n`

let folder: string
const inRepository = (path: string): string => join(folder, 'repository', path)
const written = (path: string): string => readFileSync(inRepository(path), 'utf8')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'srouter-ci-'))
  for (const name of ['bin', 'temp', 'repository']) mkdirSync(join(folder, name))
  const programs = {
    docker: stub(
      `case "$1" in create) echo id ;; cp) [ "$2" = id:/srouter ] && cp '${srouter()}' "$3" ;; esac`,
    ),
    // What it would make of the file is of no interest.
    jq: stub('cat "$4"'),
    curl: stub('cat >"$LOG.body"'),
    gh: stub('case "$*" in *--paginate*) cat "$COMMENTS" ;; esac'),
  }
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, 'bin', name), text)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  for (const part of ['platform', 'workloads'])
    cpSync(join(root, 'examples/two-regions', part), inRepository(part), { recursive: true })
  await bash(
    [
      'git init --quiet --initial-branch=main',
      'git -c user.name=a -c user.email=a@example.com -c commit.gpgsign=false commit --quiet --allow-empty -m empty',
      'git add . && git -c user.name=a -c user.email=a@example.com -c commit.gpgsign=false commit --quiet -m all',
      'git update-ref refs/remotes/origin/main HEAD',
    ].join('\n'),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const bash = (script: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  // As GitHub runs `shell: bash`.
  execute('/bin/bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: join(folder, 'repository'),
    env: {
      PATH: `${join(folder, 'bin')}:${join(folder, 'temp')}:${process.env.PATH}`,
      HOME: folder,
      LOG: join(folder, 'log'),
      COMMENTS: join(folder, 'comments'),
      CLUSTER: 'weu',
      ...env,
    },
  })

const fileOf = (name: string): string => join(folder, name)
const logged = (): string => readFileSync(fileOf('log'), 'utf8')

/** Another branch: `edit` is what the pull request changes. */
const pullRequest = async (edit: (manifest: string) => string): Promise<void> => {
  await bash('git worktree remove --force base || true; git checkout --quiet . && git clean --quiet -fd')
  for (const name of ['log', 'comments', 'summary', 'path']) writeFileSync(fileOf(name), '')
  const path = inRepository('workloads/shop.yaml')
  const before = readFileSync(path, 'utf8')
  const after = edit(before)
  expect(after).not.toBe(before)
  writeFileSync(path, after)
}
const renamed = (text: string): string => text.replace('serviceName: api', 'serviceName: orders')
const broken = (text: string): string => text.replace('gatewayName: internal', 'gatewayName: inner')

describe('GitHub Actions', () => {
  const steps = scripts(github.jobs.check.steps)
  const step = (name: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    bash(steps.get(name) ?? `echo no step ${name}; exit 1`, {
      IMAGE: 'registry.example.com/srouter:0.1.0',
      RUNNER_TEMP: fileOf('temp'),
      GITHUB_PATH: fileOf('path'),
      GITHUB_STEP_SUMMARY: fileOf('summary'),
      GITHUB_BASE_REF: 'main',
      GITHUB_REPOSITORY: 'example/dns',
      PULL_REQUEST: '7',
      ...env,
    })

  test('takes srouter out of the image', async () => {
    await pullRequest(renamed)
    expect(await step('Take srouter out of its image')).toMatchObject({ code: 0, err: '' })
    expect(readFileSync(fileOf('path'), 'utf8')).toBe(`${fileOf('temp')}\n`)
    expect(logged()).toContain('docker create registry.example.com/srouter:0.1.0\n')
    expect(await bash('command -v srouter')).toMatchObject({ out: `${fileOf('temp')}/srouter\n` })
  })

  test.each(github.jobs.check.strategy.matrix.cluster)('a change that is good, %s', async cluster => {
    await pullRequest(renamed)
    const env = { CLUSTER: cluster }
    expect(await step('Validate', env)).toMatchObject({ code: 0, err: '' })
    expect(await step('Validate, for code scanning', env)).toMatchObject({ code: 0 })
    expect(JSON.parse(written('srouter.sarif'))).toMatchObject({ version: '2.1.0', runs: [{ results: [] }] })
    expect(await step('Plan', env)).toMatchObject({ code: 0 })
    const plan = written('plan.md')
    expect(plan).toContain(`in region \`${cluster}\``)
    for (const name of ['api', 'orders']) expect(plan).toContain(`${name}-ns-p-prod-shop.aks.example.com`)
    expect(plan).not.toContain('web-ns-p-prod-shop')
    expect(readFileSync(fileOf('summary'), 'utf8')).toBe(plan)
  })

  test('a change that is not', async () => {
    await pullRequest(broken)
    const { code, out } = await step('Validate')
    expect(code).toBe(1)
    expect(out).toMatch(/^::error file=workloads\/shop\.yaml,line=\d+/m)
    expect(await step('Validate, for code scanning')).toMatchObject({ code: 0 })
    expect(JSON.parse(written('srouter.sarif'))).toMatchObject({
      runs: [{ results: [{ ruleId: 'GatewayNotFound' }] }],
    })
    expect(await step('Plan')).toMatchObject({ code: 0 })
    expect(written('plan.md')).toContain('GatewayNotFound')
  })

  test('makes a comment, and changes it later', async () => {
    await pullRequest(renamed)
    await step('Plan')
    expect(await step('Comment')).toMatchObject({ code: 0, err: '' })
    expect(logged()).toContain(
      'gh api --silent repos/example/dns/issues/7/comments --field body=@comment.md\n',
    )
    expect(written('comment.md')).toBe(`<!-- srouter weu -->\n${written('plan.md')}`)
    writeFileSync(fileOf('comments'), '41\n42\n')
    expect(await step('Comment')).toMatchObject({ code: 0, err: '' })
    expect(logged()).toContain('--method PATCH repos/example/dns/issues/comments/41 ')
  })
})

describe('Azure DevOps', () => {
  const steps = scripts(azure.steps)
  const step = (name: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    bash(steps.get(name) ?? `echo no step ${name}; exit 1`, {
      IMAGE: 'registry.example.com/srouter:0.1.0',
      AGENT_TEMPDIRECTORY: fileOf('temp'),
      SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main',
      ...env,
    })

  test('takes srouter out of the image', async () => {
    await pullRequest(renamed)
    expect(await step('Take srouter out of its image')).toMatchObject({
      code: 0,
      out: `##vso[task.prependpath]${fileOf('temp')}\n`,
    })
  })

  test.each(Object.values(azure.strategy.matrix))('a change that is good, %j', async ({ cluster }) => {
    await pullRequest(renamed)
    const env = { CLUSTER: cluster }
    expect(await step('Validate', env)).toMatchObject({ code: 0, err: '' })
    expect(written('srouter-junit.xml')).not.toContain('<failure')
    expect(await step('Plan', env)).toMatchObject({
      code: 0,
      out: `##vso[task.uploadsummary]${inRepository('plan.md')}\n`,
    })
    expect(written('plan.md')).toContain(`in region \`${cluster}\``)
  })

  test('a change that is not', async () => {
    await pullRequest(broken)
    expect((await step('Validate')).code).toBe(1)
    expect(written('srouter-junit.xml')).toContain('<failure')
    expect(await step('Plan')).toMatchObject({ code: 0 })
  })
})

test('a comment for Azure DevOps', async () => {
  await pullRequest(renamed)
  writeFileSync(inRepository('plan.md'), 'the plan')
  const env = {
    SYSTEM_COLLECTIONURI: 'https://dev.azure.com/example/',
    SYSTEM_TEAMPROJECTID: 'project',
    BUILD_REPOSITORY_ID: 'repository',
    SYSTEM_PULLREQUEST_PULLREQUESTID: '7',
    SYSTEM_ACCESSTOKEN: 'token',
  }
  expect(await bash(scripts(azure.steps).get('Comment') ?? 'exit 1', env)).toMatchObject({ code: 0, err: '' })
  expect(logged()).toContain(
    'https://dev.azure.com/example/project/_apis/git/repositories/repository/pullRequests/7/threads?api-version=7.1\n',
  )
  expect(readFileSync(fileOf('log.body'), 'utf8')).toBe('the plan')
})

test.each([...scripts(github.jobs.check.steps), ...scripts(azure.steps)])(
  'a shell understands: %s',
  async (_, script) => {
    expect(await execute('/bin/bash', ['-n', '-c', script])).toEqual({ code: 0, out: '', err: '' })
  },
)

describe('pre-commit', () => {
  interface Hook {
    readonly id: string
    readonly entry: string
    readonly args: readonly string[]
    readonly files: string
    readonly pass_filenames: boolean
  }
  const [hook, ...others] = parse(read('.pre-commit-hooks.yaml')) as readonly Hook[]
  const run = (args: readonly string[], cwd: string): Promise<Ended> => {
    const [program, ...words] = [...(hook?.entry.split(' ') ?? []), ...args]
    expect(program).toBe('srouter')
    return execute(srouter(), words, { cwd })
  }

  test('checks what it says', async () => {
    expect([others, hook?.pass_filenames]).toEqual([[], false])
    expect('platform/weu/cluster-identity.yaml').toMatch(new RegExp(hook?.files ?? ''))
    expect(await run(hook?.args ?? [], join(root, 'examples/two-regions/workloads'))).toMatchObject({
      code: 0,
    })
    await pullRequest(text => text.replace('serviceName: api', 'serviceName: a.b'))
    expect(await run(hook?.args ?? [], inRepository('workloads'))).toMatchObject({ code: 1 })
  })

  test('as the page shows it', async () => {
    const { blocks } = parsePage('', read('examples/ci/README.md'))
    const { repos } = parse(blocks.find(({ language }) => language === 'yml')?.text ?? '') as {
      readonly repos: readonly { readonly hooks: readonly Pick<Hook, 'id' | 'args'>[] }[]
    }
    const hooks = repos.flatMap(each => each.hooks)
    expect(hooks.map(({ id }) => id)).toEqual([hook?.id ?? '', hook?.id ?? ''])
    for (const { args } of hooks)
      expect(await run(args, join(root, 'examples/two-regions'))).toMatchObject({ code: 0, err: '' })
  })
})
