import type { Finding } from '@emailauth/contracts/diagnostics'
import { checkWrites } from '@emailauth/redis/check-writes'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { codeWordOf } from '@emailauth/redis/faults'
import { keys } from '../store/keys.ts'
import { readInfos, type ServerInfo, share } from './redis-info.ts'

/** Why Redis takes no writes at the moment. */
interface Refusal {
  /** The first word of its reply: OOM, MISCONF, READONLY or NOREPLICAS. */
  readonly code: string
  /** One sentence for the operator, with the reply. */
  readonly why: string
}

/** From this share of `maxmemory` on there is a warning. A busy hour should still fit into the rest. */
const MEMORY_WARNING_SHARE = 0.8

const REPAIR = 'Until this is repaired, calls that change something answer SERVICE_UNAVAILABLE.'

/** Redis refuses writes, or soon will: its memory or its disk is full, or it is a replica. */
export async function examineWrites(redis: RedisConnection): Promise<Finding[]> {
  const [infos, refusal] = await Promise.all([readInfos(redis), findRefusal(redis)])
  const found = [memoryFinding(infos, refusal), diskFinding(infos, refusal)].filter(
    (finding) => finding !== undefined,
  )
  const isExplained = refusal?.code === 'OOM' || refusal?.code === 'MISCONF'
  if (refusal === undefined || isExplained) return found
  return [...found, { code: 'redis-refuses-writes', level: 'fail', detail: refusal.why, fix: REPAIR }]
}

async function findRefusal(redis: RedisConnection): Promise<Refusal | undefined> {
  try {
    await checkWrites(redis, keys.readiness)
    return undefined
  } catch (error) {
    // Only a reply that is known has a cause. Everything else means that Redis was not reached.
    if (!(error instanceof Error) || !(error.cause instanceof Error)) throw error
    return { code: codeWordOf(error.cause), why: `${error.message.replace(/\.$/, '')}.` }
  }
}

/**
 * Of the memory that counts against `maxmemory`; buffers for replicas and the append-only file do not. 0 if
 * Redis evicts: it refuses nothing then, and that it evicts is a finding of its own.
 */
function memoryShare(info: ServerInfo): number {
  const most = Number(info.get('maxmemory') ?? 0)
  const policy = info.get('maxmemory_policy') ?? 'noeviction'
  if (policy !== 'noeviction') return 0
  const used = Number(info.get('used_memory') ?? 0) - Number(info.get('mem_not_counted_for_evict') ?? 0)
  return most > 0 ? used / most : 0
}

function memoryFinding(infos: readonly ServerInfo[], refusal: Refusal | undefined): Finding | undefined {
  const isFull = refusal?.code === 'OOM'
  const short = infos.filter((info) => memoryShare(info) >= MEMORY_WARNING_SHARE)
  const fullest = Math.max(0, ...infos.map(memoryShare))
  if (short.length === 0 && !isFull) return undefined
  const uses = `Redis uses ${Math.floor(fullest * 100)} % of its maxmemory${share(short, infos)}`
  return {
    code: 'redis-memory',
    level: isFull || fullest >= 1 ? 'fail' : 'warn',
    detail: isFull
      ? `${fullest > 0 ? `${uses}. ` : ''}${refusal.why}`
      : `${uses}: when it is full, register and verify answer SERVICE_UNAVAILABLE.`,
    fix: 'Raise maxmemory if the machine has more (docs/deployment/sizing.md), or find out what else fills it.',
  }
}

function diskFinding(infos: readonly ServerInfo[], refusal: Refusal | undefined): Finding | undefined {
  const isRefusing = refusal?.code === 'MISCONF'
  const appends = (info: ServerInfo) => info.get('aof_enabled') === '1'
  const failing = infos.filter(
    (info) => info.get('aof_last_write_status') === 'err' || info.get('rdb_last_bgsave_status') === 'err',
  )
  const losing = failing.filter((info) => !appends(info) || info.get('aof_last_write_status') === 'err')
  if (failing.length === 0 && !isRefusing) return undefined
  const harm =
    losing.length > 0
      ? 'what is acknowledged since then may be lost at a crash'
      : 'its append-only file is complete, but it may stop to take writes'
  return {
    code: 'redis-disk',
    level: isRefusing || losing.length > 0 ? 'fail' : 'warn',
    detail: isRefusing ? refusal.why : `Redis could not save to its disk${share(failing, infos)}: ${harm}.`,
    fix: 'See the log of Redis; free or enlarge its disk, and give its user the folder. The next save that works ends this.',
  }
}
