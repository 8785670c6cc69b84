import { chmodSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Authority, createAuthority, createSigningKey } from './certificates.ts'
import { files } from './components.ts'

/** The real path: processes are recognised by it in their command lines. Only its owner may read the keys in it. */
export const newFolder = (wanted: string | undefined): string => {
  if (wanted === undefined) return realpathSync(mkdtempSync(join(tmpdir(), 'srouter-lab-')))
  mkdirSync(wanted, { recursive: true })
  chmodSync(wanted, 0o700)
  return realpathSync(wanted)
}

/** Everything that the API server needs to know itself and others by. */
export const writeCertificates = async (folder: string, address: string): Promise<Authority> => {
  const authority = await createAuthority('srouter-lab')
  const serving = await authority.issueServer([address, 'localhost', 'kubernetes.default.svc'])
  const signing = createSigningKey()
  const contents = {
    [files.ca]: authority.cert,
    [files.serverCert]: serving.cert,
    [files.serverKey]: serving.key,
    [files.signingKey]: signing.privateKey,
    [files.signingPublicKey]: signing.publicKey,
  }
  for (const [name, text] of Object.entries(contents))
    writeFileSync(join(folder, name), text, { mode: 0o600 })
  return authority
}
