/** What `work` gives, or the signal's reason as soon as it is aborted; `work` goes on for whoever shares it. */
export const unlessAborted = <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** A controller that is aborted with `signal`, and that its owner can abort alone. `release` lets go of `signal`. */
export const follow = (
  signal: AbortSignal | undefined,
): { readonly control: AbortController; readonly release: () => void } => {
  const control = new AbortController()
  const stop = () => control.abort(signal?.reason)
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop, { once: true })
  return { control, release: () => signal?.removeEventListener('abort', stop) }
}
