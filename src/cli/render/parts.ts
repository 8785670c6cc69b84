import type { Part } from '../../install/parts.ts'
import { renderObjects } from './objects.ts'

/** YAML documents, each with `---` before it. */
export function* renderParts(parts: Iterable<Part>): Generator<string> {
  for (const part of parts)
    if ('text' in part) yield `---\n${part.text}`
    else yield* renderObjects(part.objects, 'yaml')
}
