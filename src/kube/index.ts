import { type ClientOptions, createClient, type KubeClient } from './client.ts'
import { type ConfigOptions, loadConfig } from './config.ts'

export { allowed, type Permission, type Subject } from './access.ts'
export { type ClientOptions, createClient, type KubeClient } from './client.ts'
export { type ConfigOptions, contextNames, loadConfig } from './config.ts'
export { type ServedKind, type ServerVersion, served, servedKinds, serverVersion } from './discovery.ts'
export {
  isAlreadyExists,
  isConflict,
  isForbidden,
  isGone,
  isInvalid,
  isKubeError,
  isNotFound,
  isUnanswered,
  isUnauthorized,
  KubeError,
} from './error.ts'
export { type Happening, newRecorder, type Recorder, type RecorderOptions } from './events.ts'
export * from './kinds.ts'
export { type LeaderChange, type LeaderOptions, type Leadership, LeadershipOver, lead } from './leader.ts'
export { type LeaseObject, type LeaseSpec, readLease } from './lease.ts'
export { confirmedList, type Listed, type ListOptions, list, type Selection } from './list.ts'
export type { KubeRequest, Verb } from './request.ts'
export type { KubeTarget } from './target.ts'
export { realTiming, type Timing } from './timing.ts'
export { type WatchEvent, type WatchOptions, type WatchRestart, watch } from './watch.ts'
export {
  type ApplyOptions,
  apply,
  applyStatus,
  create,
  defaultFieldManager,
  get,
  patch,
  patchStatus,
  type RemoveOptions,
  remove,
  replaceStatus,
  update,
  type WriteOptions,
} from './write.ts'

/** The client for what `--kubeconfig`, `--context` and the environment say. Nothing is sent yet. */
export const connect = (options: ConfigOptions & ClientOptions = {}): KubeClient =>
  createClient(loadConfig(options), options)
