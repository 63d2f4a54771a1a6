import { isAboutCertificate } from '@emailauth/redis/certificate-fault'
import { checkWrites } from '@emailauth/redis/check-writes'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { LoadingRedisError } from '@emailauth/redis/connection/loading'
import { OldRedisError } from '@emailauth/redis/connection/server-version'
import { withoutPassword } from '@emailauth/redis/connection/without-password'
import { connectToRedis } from '../connection/connect-to-redis.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/**
 * Checks that Redis answers and keeps what it acknowledges. Settings that a managed Redis hides are skipped.
 */
export async function checkRedis(url: string | undefined): Promise<Finding[]> {
  if (url === undefined) return [warn('Redis', 'none runs here', 'Start everything with: npx emailauth up')]
  let redis: RedisConnection
  try {
    redis = await connectToRedis(url)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return [fail('Redis', why, fixOf(error))]
  }
  try {
    await redis.ping()
    const found = (await refusalOf(redis)) ?? ok('Redis', `answers at ${withoutPassword(url)}`)
    return [found, ...(await settingsOf(redis))]
  } catch (error) {
    return [fail('Redis', error instanceof Error ? error.message : String(error), 'See the log of Redis.')]
  } finally {
    redis.disconnect()
  }
}

function fixOf(error: unknown): string {
  if (error instanceof OldRedisError)
    return 'Upgrade to Redis 7 or Valkey 8; no service starts with this one.'
  if (error instanceof LoadingRedisError) return 'Wait. The services go on by themselves then.'
  if (isAboutCertificate(error instanceof Error ? error.message : ''))
    return 'Renew it, or use the name in it, or name its authority in NODE_EXTRA_CA_CERTS.'
  return 'Start it, or correct EMAILAUTH_REDIS_URL.'
}

/** The key that persistence writes for `/readyz`. It expires. */
const KEY = 'ea:{ready}'

/** A Redis that answers and takes no writes. Nothing of a user that may not write this key: the mailer's. */
async function refusalOf(redis: RedisConnection): Promise<Finding | undefined> {
  try {
    await checkWrites(redis, KEY)
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (why.includes('NOPERM')) return undefined
    return fail(
      'Redis',
      why,
      'Until this is repaired, calls that change something answer SERVICE_UNAVAILABLE.',
    )
  }
}

async function settingsOf(redis: RedisConnection): Promise<Finding[]> {
  const [file, fsync, policy] = await Promise.all(
    ['appendonly', 'appendfsync', 'maxmemory-policy'].map((name) => setting(redis, name)),
  )
  const findings: Finding[] = []
  if (file === 'no') {
    findings.push(
      warn('Redis append-only', 'off: a crash loses registers', 'Set appendonly yes in its configuration.'),
    )
  } else if (file === 'yes' && fsync !== 'always') {
    findings.push(
      warn(
        'Redis append-only',
        `on, appendfsync ${fsync}`,
        'With appendfsync always no acknowledged register is lost.',
      ),
    )
  } else if (file === 'yes') findings.push(ok('Redis append-only', 'on, synced before every reply'))
  if (policy !== undefined) {
    findings.push(
      policy === 'noeviction'
        ? ok('Redis memory', 'noeviction')
        : warn(
            'Redis memory',
            `maxmemory-policy ${policy}`,
            'Set maxmemory-policy noeviction: no live number may vanish.',
          ),
    )
  }
  return findings
}

async function setting(redis: RedisConnection, name: string): Promise<string | undefined> {
  const reply = await redis.call('CONFIG', 'GET', name).catch(() => undefined)
  return Array.isArray(reply) && typeof reply[1] === 'string' ? reply[1] : undefined
}
