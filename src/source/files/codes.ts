import type { Severity } from '../../engine/finding.ts'

/** The findings of reading files: how grave they are, and what to do where nothing more exact can be said. */
export const codes = {
  UnreadableFile: { severity: 'error', hint: 'Check the path and its permissions.' },
  ParseError: { severity: 'error', hint: 'Correct it; nothing of this document was read.' },
  TooComplex: {
    severity: 'error',
    hint: 'Split it into several documents, or write it in block style without anchors and tags.',
  },
  DuplicateKey: { severity: 'error', hint: 'Remove one of the two; only one can count.' },
  ForbiddenKey: { severity: 'error', hint: 'Remove it; no Kubernetes field has this name.' },
  AmbiguousScalar: { severity: 'warning', hint: 'Put it in quotes.' },
  NotAResource: {
    severity: 'warning',
    hint: 'Give it apiVersion and kind, or keep it out of the paths given with -f.',
  },
  UnknownVersion: { severity: 'error', hint: 'Use the version that is served.' },
  UnknownKind: { severity: 'error', hint: 'Use a kind of this group.' },
  UnknownGroup: { severity: 'error', hint: 'Correct apiVersion.' },
  InvalidMetadata: { severity: 'error', hint: 'Correct it; this resource was left out.' },
  UnknownField: { severity: 'error', hint: 'Remove it.' },
  MissingNamespace: {
    severity: 'error',
    hint: 'Add metadata.namespace, or give one for all such resources with -n.',
  },
  NamespaceIgnored: { severity: 'warning', hint: 'Remove metadata.namespace.' },
  DuplicateResource: { severity: 'error', hint: 'Remove one of the two, or give it another name.' },
  TooManyFindings: { severity: 'error', hint: 'Correct those that are shown first.' },
  NoRouterResources: { severity: 'error', hint: 'Check the paths given with -f.' },
} as const satisfies Record<string, { readonly severity: Severity; readonly hint: string }>

export type Code = keyof typeof codes
