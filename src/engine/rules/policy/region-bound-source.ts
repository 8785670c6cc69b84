import type { PolicyRule } from './index.ts'

export const regionBoundSource: PolicyRule = ({ spec }) =>
  spec?.mode === 'RegionBound' && !spec.sourceRegion && !spec.sourceCluster
    ? {
        code: 'RegionBoundWithoutSource',
        severity: 'warning',
        effect: 'note',
        message: 'mode RegionBound without a source: every cluster would write every zone',
        hint: 'set sourceRegion or sourceCluster to the cluster that should',
        path: ['spec', 'mode'],
      }
    : undefined
