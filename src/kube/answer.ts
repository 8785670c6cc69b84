import { KubeError, type KubeStatus } from './error.ts'
import { isRecord } from './kubeconfig.ts'
import type { KubeRequest } from './request.ts'

/** What is made of an answer that says yes. */
export type Read<T> = (response: Response) => Promise<T>

export const jsonOf =
  <T>(request: KubeRequest): Read<T> =>
  async response => {
    const text = await response.text()
    try {
      return JSON.parse(text) as T
    } catch {
      throw new KubeError({
        status: response.status,
        reason: 'NoJson',
        message: `${response.url} answered with something that is no JSON: ${shown(text)}`,
        hint: 'Is this a Kubernetes API server, or a login page or proxy in front of one?',
        request,
      })
    }
  }

/** The Status of a refusal; what is in front of an API server answers with something else. */
export const statusOf = async (response: Response): Promise<KubeStatus> => {
  const text = await response.text()
  const location = response.headers.get('location')
  if (response.status >= 300 && response.status < 400)
    return { message: `redirected to ${location ?? '?'}, which no Kubernetes API server does` }
  try {
    const parsed: unknown = JSON.parse(text)
    if (isRecord(parsed) && parsed.kind === 'Status') return parsed as KubeStatus
  } catch {
    // Not JSON: its text is shown below.
  }
  return {
    message:
      `HTTP ${response.status} ${response.statusText}`.trim() + (text === '' ? '' : `: ${shown(text)}`),
  }
}

const shown = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 200)
