import type { LocatedFinding } from '../../engine/finding.ts'
import { messageOf } from '../../lib/errors.ts'
import { located } from './findings.ts'

/** The finding for a path that cannot be read, with the reason or what was thrown. */
export const unreadable = (path: string, thrown: unknown): LocatedFinding => {
  const { code } = Object(thrown) as { readonly code?: unknown }
  const [reason, hint] =
    typeof thrown === 'string'
      ? [thrown]
      : (reasons[String(code)] ?? [`cannot be read: ${messageOf(thrown)}`])
  return located('UnreadableFile', `${path} ${reason}`, { file: path }, { hint })
}

const reasons: Readonly<Record<string, readonly [string, string?]>> = {
  ENOENT: ['does not exist', 'Check the path.'],
  ENOTDIR: ['does not exist', 'Check the path: what stands before a slash must be a folder.'],
  EACCES: ['must not be read by this user', 'Check the permissions of the file and of the folders above it.'],
  EPERM: ['must not be read by this user', 'Check the permissions of the file and of the folders above it.'],
  ELOOP: ['is a symbolic link that leads to itself', 'Remove or correct the link.'],
  ENAMETOOLONG: ['is too long a name', 'Check the path.'],
}
