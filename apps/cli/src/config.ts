import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { readGiven } from '@emailauth/service/config/given-environment'
import { keepLoopbackDirect } from './connection/direct-loopback.ts'
import type { World } from './context.ts'

/** The one place that looks at the process: its environment, folder and streams. */
export function readWorld(root: string): World {
  keepLoopbackDirect(process.env)
  const { env, faults } = readGiven({ ...readEnvFile(root), ...process.env })
  return {
    env,
    envFaults: faults,
    folder: process.cwd(),
    root,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
  }
}

/**
 * Our variables in the clone's `.env`. A `.env` of another folder could send a key to a stranger's server.
 */
function readEnvFile(root: string): Record<string, string | undefined> {
  const path = join(root, '.env')
  if (!existsSync(join(root, 'apps/gateway')) || !existsSync(path)) return {}
  return Object.fromEntries(
    Object.entries(parseEnv(readFileSync(path, 'utf8'))).filter(([name]) => name.startsWith('EMAILAUTH_')),
  )
}
