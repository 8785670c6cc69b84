export interface Version {
  readonly major: number
  readonly minor: number
}

/**
 * What an image's tag says of the version.
 *
 * | image                                               | answer                    |
 * | --------------------------------------------------- | ------------------------- |
 * | registry.k8s.io/external-dns/external-dns:v0.21.0   | 0.21                      |
 * | bitnami/external-dns:0.14.2-debian-12-r4            | 0.14                      |
 * | localhost:5000/external-dns:v20240101-v0.14.0       | 0.14                      |
 * | external-dns:latest, external-dns@sha256:…          | (none)                    |
 */
export const versionOf = (image: string): Version | undefined => {
  const match = /(?:^|-)v?([0-9]{1,4})\.([0-9]{1,4})(?:[.-]|$)/.exec(tagOf(image) ?? '')
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) }
}

/** The last part of an image's name, without tag and digest: `external-dns`. */
export const baseOf = (image: string): string =>
  (image.split('@')[0] ?? '').split('/').at(-1)?.split(':')[0] ?? ''

const tagOf = (image: string): string | undefined =>
  (image.split('@')[0] ?? '').split('/').at(-1)?.split(':')[1]

/** Whether it is known to be at least `major.minor`. */
export const isAtLeast = (version: Version | undefined, major: number, minor: number): boolean =>
  version !== undefined && (version.major > major || (version.major === major && version.minor >= minor))
