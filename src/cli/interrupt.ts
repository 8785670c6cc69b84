import { exitCode, UserError } from '../lib/errors.ts'

export interface Interrupts {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal
  /** Rejects with the signal's reason once it is aborted. */
  readonly interrupted: Promise<never>
}

export const watchInterrupts = (): Interrupts => {
  const controller = new AbortController()
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => {})
  const onSignal = (): void => {
    // whoever presses Ctrl-C again means it
    if (controller.signal.aborted) process.exit(exitCode.interrupted)
    const reason = new UserError(exitCode.interrupted, 'interrupted')
    controller.abort(reason)
    reject(reason)
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return { signal: controller.signal, interrupted: promise }
}
