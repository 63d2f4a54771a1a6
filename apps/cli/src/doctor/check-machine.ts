import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { promisify } from 'node:util'
import { findExecutable } from '../up/executables.ts'
import { REDIS_PROGRAMS } from '../up/redis/redis-choice.ts'
import { appFiles } from '../up/services/apps.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Node 20.19, 22.12, or 24 and later: what `engines` says. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
  if (!fits) return fail('Node', version, 'Install Node 24 (or 20.19, 22.12 or later of their lines).')
  if (major === 20) return warn('Node', version, 'Node 24 is better: 20 gets no more security fixes.')
  return ok('Node', version)
}

export async function checkBuild(root: string): Promise<Finding> {
  const missing: string[] = []
  for (const [name, file] of Object.entries(appFiles(root))) {
    await access(file).catch(() => missing.push(name))
  }
  return missing.length === 0
    ? ok('Build', 'all services are built')
    : fail(
        'Build',
        `not built: ${missing.join(', ')}`,
        'Run "npm start" or "npm run build" in the repository.',
      )
}

/** Whether `up` finds a Redis that keeps its data. */
export async function checkRedisProgram(
  redisUrl: string | undefined,
  path: string | undefined,
): Promise<Finding> {
  if (redisUrl !== undefined) return ok('Redis program', 'none needed: EMAILAUTH_REDIS_URL is set')
  const file = await findExecutable(REDIS_PROGRAMS, path)
  const fix =
    'Install Redis 7 or Valkey 8, or set EMAILAUTH_REDIS_URL; the embedded Redis forgets everything.'
  if (file === undefined)
    return warn('Redis program', 'neither redis-server nor valkey-server on the PATH', fix)
  const { stdout } = await promisify(execFile)(file, ['--version']).catch(() => ({ stdout: '' }))
  const version = /v=(\d+)\.(\d+)\.(\d+)/.exec(stdout)
  if (version === null) return warn('Redis program', `${file} does not report its version`, fix)
  const said = `${file} ${version.slice(1).join('.')}`
  return Number(version[1]) >= 7 ? ok('Redis program', said) : warn('Redis program', said, fix)
}
