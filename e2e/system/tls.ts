import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const script = fileURLToPath(new URL('../../scripts/dev-ca.mjs', import.meta.url))

/** A development authority of a test's own, as the README's script makes it. */
export interface DevAuthority {
  readonly folder: string
  /** What every service gets. */
  readonly env: Readonly<Record<string, string>>
  remove(): Promise<void>
}

/** @param hosts names or addresses besides localhost. */
export async function makeAuthority(hosts: readonly string[] = []): Promise<DevAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-ca-'))
  await promisify(execFile)(process.execPath, [script, folder, ...hosts])
  return {
    folder,
    env: {
      EMAILAUTH_TLS_CERT: join(folder, 'service.crt'),
      EMAILAUTH_TLS_KEY: join(folder, 'service.key'),
      EMAILAUTH_TLS_CA: join(folder, 'ca.crt'),
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
