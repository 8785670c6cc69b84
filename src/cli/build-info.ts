import packageJson from '../../package.json' with { type: 'json' }

/** Put in by scripts/build (`bun build --define`); not there when the source is run as it is. */
declare const BUILD_COMMIT: string | undefined

export interface BuildInfo {
  readonly version: string
  /** The Git commit that it was built from, or `unknown`. */
  readonly commit: string
  readonly bun: string
  /** Operating system and processor: `linux-x64`. */
  readonly platform: string
}

export const buildInfo: BuildInfo = {
  version: packageJson.version,
  commit: typeof BUILD_COMMIT === 'undefined' ? 'unknown' : BUILD_COMMIT,
  bun: Bun.version,
  platform: `${process.platform}-${process.arch}`,
}
