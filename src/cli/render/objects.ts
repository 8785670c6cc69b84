import type { KubeObject } from '../../api/object.ts'
import { inChunks } from './chunks.ts'
import { list } from './document.ts'
import { jsonText } from './json.ts'
import { yamlText } from './yaml.ts'

/** What `render -o` takes. */
export const objectFormats = ['yaml', 'json'] as const

/** Objects as `kubectl apply -f` reads them: YAML documents, or one JSON `List`. */
export const renderObjects = (
  objects: Iterable<KubeObject>,
  format: (typeof objectFormats)[number],
): Iterable<string> => inChunks(format === 'json' ? listJson(objects) : documents(objects))

function* documents(objects: Iterable<KubeObject>): Generator<string> {
  for (const object of objects) {
    yield '---\n'
    yield* objectYaml(object)
  }
}

export const objectYaml = (object: KubeObject): Iterable<string> =>
  yamlText(Object.entries(object).map(([key, value]) => [key, { kind: 'value', value }]))

const listJson = (objects: Iterable<KubeObject>): Iterable<string> =>
  jsonText([
    ['apiVersion', { kind: 'value', value: 'v1' }],
    ['kind', { kind: 'value', value: 'List' }],
    ['items', list(objects, object => object)],
  ])
