import type { KubeTarget, KubeUser } from '../../../src/kube/target.ts'

export interface Where {
  readonly url: string
  /** PEM. */
  readonly ca: string
}

export const someone: KubeUser = { name: 'someone', token: 'secret', impersonate: {} }

export const targetOf = ({ url, ca }: Where, more: Partial<KubeTarget> = {}): KubeTarget => ({
  origin: 'context "test" of a test',
  context: 'test',
  server: url,
  ca: { text: ca },
  insecure: false,
  user: someone,
  ...more,
})
