import { documents, platform, route } from '../manifests.ts'
import type { BadRow } from './row.ts'

const api = route()
const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'

/** What is wrong with the paths, whatever is in the files. */
export const fileRows: readonly BadRow[] = [
  {
    what: 'an empty folder',
    files: {},
    findings: ['error NoRouterResources'],
    says: ['there was no file to read'],
  },
  {
    what: 'an empty file',
    files: { 'a.yaml': '' },
    findings: ['error NoRouterResources'],
    says: ['there is no router resource'],
  },
  {
    what: 'comments, markers and nothing else',
    files: { 'a.yaml': '# nothing\n---\n---\n...\n' },
    findings: ['error NoRouterResources'],
  },
  {
    what: 'a folder without router resources',
    files: { 'a.yaml': documents(configMap, configMap), 'b.yaml': configMap },
    findings: ['error NoRouterResources'],
    says: ['there is no router resource in the 2 files that were read'],
  },
  {
    what: 'a folder whose files are of other names',
    files: { 'a.yml.txt': api, 'b.YAML': api },
    findings: ['error NoRouterResources'],
    says: ['in folders only *.yaml, *.yml and *.json are read'],
  },
  {
    what: 'a file of another name, when it is named',
    files: { ...platform, 'a.txt': api },
    args: ['validate', '-f', 'platform.yaml', '-f', 'a.txt'],
    code: 0,
    findings: [],
  },
  {
    what: 'paths that do not exist',
    files: { ...platform },
    args: [
      'validate',
      '-f',
      '.',
      '-f',
      'nowhere.yaml',
      '-f',
      'platform.yaml/a.yaml',
      '-f',
      `${'x'.repeat(300)}`,
    ],
    findings: [
      'error UnreadableFile nowhere.yaml',
      'error UnreadableFile platform.yaml/a.yaml',
      `error UnreadableFile ${'x'.repeat(300)}`,
    ],
    says: [
      'nowhere.yaml does not exist',
      'what stands before a slash must be a folder',
      'is too long a name',
    ],
  },
  {
    what: 'what is neither a file nor a folder',
    files: { ...platform },
    args: ['validate', '-f', '.', '-f', '/dev/zero'],
    findings: ['error UnreadableFile /dev/zero'],
  },
  {
    what: 'folders and links to nowhere that are named like manifests',
    files: { ...platform, 'a.yaml/': '', 'b.yaml': { link: 'nowhere' }, 'c.txt': { link: 'nowhere' } },
    findings: ['error UnreadableFile b.yaml'],
    says: ['b.yaml does not exist'],
  },
  {
    what: 'links that lead to themselves and to each other',
    files: {
      ...platform,
      'a.yaml': { link: 'a.yaml' },
      'b/c': { link: '../b' },
      'd/e': { link: '../f' },
      'f/g': { link: '../d' },
      'f/h.yaml': api,
    },
    findings: ['error UnreadableFile a.yaml'],
    says: ['a.yaml is a symbolic link that leads to itself'],
  },
  {
    what: 'a broken file beside sound ones',
    files: { ...platform, 'a.yaml': api, 'b.yaml': 'a: [' },
    findings: ['error ParseError b.yaml:1:5'],
  },
  {
    what: 'standard input that is empty',
    files: {},
    args: ['validate', '-f', '-'],
    stdin: '',
    findings: ['error NoRouterResources'],
  },
  {
    what: 'standard input that is broken',
    files: {},
    args: ['validate', '-f', '-'],
    stdin: documents(platform['platform.yaml'], api.replace('prod', '[prod')),
    findings: ['error ParseError <stdin>:53:3'],
  },
  {
    what: 'standard input that is no text',
    files: {},
    args: ['validate', '-f', '-'],
    stdin: new Uint8Array([0x61, 0x0a, 0xff]),
    findings: ['error ParseError <stdin>:2:1'],
    says: ['the byte 0xff is no UTF-8'],
  },
  {
    what: 'standard input from PowerShell',
    files: {},
    args: ['validate', '-f', '-'],
    stdin: Buffer.from(`\ufeff${documents(platform['platform.yaml'], route('b', 'B'))}`, 'utf16le'),
    findings: ['error InvalidSpec <stdin>:50:3'],
  },
  {
    what: 'standard input twice, and files beside it',
    files: platform,
    args: ['validate', '-f', '-', '-f', '.', '-f', '-'],
    stdin: api,
    code: 0,
    findings: [],
  },
]
