import type { Finding } from '@emailauth/contracts/diagnostics'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { isOlder, LEAST_REDIS_VERSION } from '@emailauth/redis/connection/server-version'
import { readInfos, type ServerInfo, share } from './redis-info.ts'

/** What the tests run on. */
const TESTED_VERSION = '7'

/**
 * Finds settings with which Redis could lose data. It reads INFO of every master. It skips fields that a
 * server does not report, and servers whose ACL refuses INFO.
 */
export async function examineRedis(redis: RedisConnection, replicas: number): Promise<Finding[]> {
  const infos = await readInfos(redis)
  return [
    evictionFinding(infos),
    persistenceFinding(infos),
    replicasFinding(infos, replicas),
    versionFinding(infos),
  ].filter((finding) => finding !== undefined)
}

function evictionFinding(infos: readonly ServerInfo[]): Finding | undefined {
  const evicted = infos.reduce((sum, info) => sum + Number(info.get('evicted_keys') ?? 0), 0)
  const evicting = infos.filter((info) => policyOf(info) !== 'noeviction')
  const [first] = evicting
  if (first === undefined && evicted === 0) return undefined
  // Without maxmemory Redis evicts nothing.
  const limited = evicting.some((info) => Number(info.get('maxmemory') ?? 0) > 0)
  // Tenants and API keys have no TTL.
  const lost = evicting.some((info) => policyOf(info).startsWith('allkeys'))
    ? 'deletes tenants, API keys and live numbers'
    : 'deletes live numbers and forgets limits'
  const danger =
    first === undefined
      ? []
      : [`maxmemory-policy is ${policyOf(first)}${share(evicting, infos)}: a full Redis ${lost}.`]
  const harm = evicted === 0 ? [] : [`Redis was full and has deleted ${evicted} keys since it started.`]
  const fix =
    'Set maxmemory-policy noeviction; a full Redis then refuses new registrations and loses nothing.'
  return {
    code: 'redis-eviction',
    level: limited || evicted > 0 ? 'fail' : 'warn',
    detail: [...danger, ...harm].join(' '),
    fix:
      evicted === 0
        ? fix
        : `${fix} If tenants or API keys are missing, restore a backup. CONFIG RESETSTAT counts anew.`,
  }
}

const policyOf = (info: ServerInfo): string => info.get('maxmemory_policy') ?? 'noeviction'

function persistenceFinding(infos: readonly ServerInfo[]): Finding | undefined {
  const volatile = infos.filter((info) => info.get('aof_enabled') === '0')
  if (volatile.length === 0) return undefined
  return {
    code: 'redis-not-persistent',
    level: 'warn',
    detail: `Redis writes no append-only file${share(volatile, infos)}: a restart forgets live numbers, used ones may come back from an older dump.`,
    fix: 'Set appendonly yes, and appendfsync always where no acknowledged number may be lost.',
  }
}

function replicasFinding(infos: readonly ServerInfo[], replicas: number): Finding | undefined {
  const connected = (info: ServerInfo) => Number(info.get('connected_slaves') ?? replicas)
  const short = infos.filter((info) => connected(info) < replicas)
  if (short.length === 0) return undefined
  const fewest = Math.min(...short.map(connected))
  return {
    code: 'redis-replicas',
    level: 'fail',
    detail: `EMAILAUTH_REDIS_REPLICAS is ${replicas}, but ${fewest} ${fewest === 1 ? 'replica is' : 'replicas are'} connected${share(short, infos)}: register and verify answer SERVICE_UNAVAILABLE.`,
    fix: 'Connect the replicas, or lower EMAILAUTH_REDIS_REPLICAS.',
  }
}

function versionFinding(infos: readonly ServerInfo[]): Finding | undefined {
  const older = (than: string) => infos.filter((info) => isOlder(info.get('redis_version') ?? than, than))
  // A server may have been replaced by an older one while the service ran.
  const unfit = older(LEAST_REDIS_VERSION)
  const old = unfit.length > 0 ? unfit : older(TESTED_VERSION)
  const [first] = old
  if (first === undefined) return undefined
  return {
    code: 'redis-version',
    level: unfit.length > 0 ? 'fail' : 'warn',
    detail: `Redis is ${first.get('redis_version')}${share(old, infos)}; ${
      unfit.length > 0
        ? `emailauth needs ${LEAST_REDIS_VERSION} at least: mails and due work fail.`
        : `emailauth is tested on Redis ${TESTED_VERSION} and newer.`
    }`,
    fix: `Upgrade to Redis ${TESTED_VERSION} or Valkey 8.`,
  }
}
