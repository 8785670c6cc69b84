/**
 * What the lab is made of. Everything comes from Go modules, so a machine with Go and a module proxy can build it,
 * and the checksum database vouches for it.
 */
export const pins = {
  /** Another one may be asked for: `SROUTER_LAB_KUBERNETES=v1.24.17 scripts/lab up`. */
  kubernetes: process.env.SROUTER_LAB_KUBERNETES ?? 'v1.35.4',
  etcd: 'v3.6.8',
  /** v0.22.0 has dependencies that cannot be had any more, v0.23.0 needs a newer Go. */
  externalDns: 'v0.21.0',
  istioApi: 'v1.27.3',
  /** Of Flux's controllers only the CRDs are wanted. v1.10 of them needs a newer Go. */
  fluxHelm: 'v1.4.0',
  fluxKustomize: 'v1.9.6',
  fluxSource: 'v1.9.6',
  helm: 'v3.22.0',
  /** v5.8.2 and later need a newer Go. */
  kustomize: 'v5.8.1',
  /** Prometheus 3.16, of which promtool is a part. */
  prometheus: 'v0.316.0',
  prometheusOperator: 'v0.90.1',
} as const

/** Raise it when a recipe changes what it makes out of the same pins. */
export const recipeVersion = 2
