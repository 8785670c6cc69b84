import { isRecord, unusable } from './kubeconfig.ts'

/**
 * The headers for `as`, `as-uid`, `as-groups` and `as-user-extra` of a kubeconfig user. Leaving one out would act with
 * more rights than asked for, so what cannot be sent is an error.
 */
export const impersonationHeaders = (
  user: Readonly<Record<string, unknown>>,
  origin: string,
): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = {}
  const add = (header: string, field: string, value: unknown) => {
    const values = (Array.isArray(value) ? value : [value]).filter(each => each !== undefined && each !== '')
    if (values.length === 0) return
    // fetch joins several values with a comma, and the API server would take that for one name.
    if (values.length > 1)
      throw unusable(`${origin}: srouter can send one value of "${field}", not ${values.length}`)
    headers[header] = String(values[0])
  }
  add('Impersonate-User', 'as', user.as)
  add('Impersonate-Uid', 'as-uid', user['as-uid'])
  add('Impersonate-Group', 'as-groups', user['as-groups'])
  const extra = user['as-user-extra']
  if (isRecord(extra))
    for (const [key, value] of Object.entries(extra))
      add(`Impersonate-Extra-${encodeURIComponent(key)}`, `as-user-extra.${key}`, value)
  return headers
}
