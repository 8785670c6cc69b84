import { pins } from '../../lab/pins.ts'

/** From 1.25 on the API server checks CEL rules of CRDs, and fields strictly where it is asked to. */
export const isStrict = Bun.semver.order(pins.kubernetes, 'v1.25.0') >= 0

/** From 1.30 on it lets what is wrong already stay wrong, and takes a status beside it. */
export const takesStatusOfInvalid = Bun.semver.order(pins.kubernetes, 'v1.30.0') >= 0
