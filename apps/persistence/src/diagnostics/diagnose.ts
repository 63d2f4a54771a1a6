import type { Finding } from '@emailauth/contracts/diagnostics'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { Logger } from '@emailauth/service/logging/logger'
import { type ChainFault, findChainFault } from '../audit/audit-chain.ts'
import type { StoreContext } from '../store/partition.ts'
import { examineRedis } from './hygiene.ts'
import { examineWrites } from './room-for-writes.ts'

/** What a diagnosis looks at. */
export interface DiagnosisPort {
  readonly context: StoreContext
  readonly reads: RedisConnection
  readonly keyRing: { missing(): Promise<{ id: string; neededUntil: string }[]> }
  /** Ids of tenants, the count of passkeys, and ids of webhooks that cannot be unsealed. */
  readonly smtpUrls: { unreadable(): Promise<string[]> }
  readonly passkeys: { unreadable(): Promise<number> }
  readonly webhooks: { unreadable(): Promise<string[]> }
}

/** Everything that an operator should fix. */
export async function diagnose({
  context,
  reads,
  keyRing,
  smtpUrls,
  passkeys,
  webhooks,
}: DiagnosisPort): Promise<Finding[]> {
  const [ofRedis, ofWrites, missing, unreadable, lostPasskeys, lostWebhooks, chainFault] = await Promise.all([
    examineRedis(reads, context.replicas.count),
    examineWrites(context.redis),
    keyRing.missing(),
    smtpUrls.unreadable(),
    passkeys.unreadable(),
    webhooks.unreadable(),
    findChainFault(reads, context.ring),
  ])
  return [
    ...(chainFault === undefined ? [] : [alteredAudit(chainFault)]),
    ...ofWrites,
    ...ofRedis,
    ...missing.map(missingKey),
    ...unreadable.map(unreadableMail),
    ...unreadablePasskeys(lostPasskeys),
    ...lostWebhooks.map(unreadableWebhook),
  ]
}

/** Logs one warning for each finding, at the start. */
export async function warnOfFindings(port: DiagnosisPort, logger: Logger): Promise<void> {
  for (const { code, detail, fix } of await diagnose(port)) logger.warn({ finding: code, fix }, detail)
}

function missingKey({ id, neededUntil }: { id: string; neededUntil: string }): Finding {
  return {
    code: 'key-missing',
    level: 'fail',
    detail: `The secret key ${id} is not in EMAILAUTH_SECRET_KEYS, but numbers made with it may be live until ${neededUntil}.`,
    fix: 'Add the key back, after the newest, and take it out when its time is over (GET /v1/key-ring).',
  }
}

const CHAIN_FAULTS = {
  altered: 'is not as it was written',
  missing: 'follows one that is missing',
  cut: 'is not the newest that was written',
} as const

function alteredAudit({ id, kind }: ChainFault): Finding {
  const what = CHAIN_FAULTS[kind]
  return {
    code: 'audit-altered',
    level: 'fail',
    detail: `The entry ${id} of the audit log ${what}: somebody else has written to Redis.`,
    fix: 'Compare the log with the "audit" lines that persistence wrote, and change the password of its Redis user.',
  }
}

function unreadableMail(tenantId: string): Finding {
  return {
    code: 'mail-unreadable',
    level: 'fail',
    detail: `The SMTP URL of the tenant ${tenantId} was sealed with a key that is not in EMAILAUTH_SECRET_KEYS; its mails wait.`,
    fix: 'Add the key back, after the newest, or set the URL again (emailauth tenants update --mail-smtp-url).',
  }
}

function unreadableWebhook(id: string): Finding {
  return {
    code: 'webhooks-unreadable',
    level: 'fail',
    detail: `The webhook endpoint ${id} was sealed with a key that is not in EMAILAUTH_SECRET_KEYS; it gets no events.`,
    fix: 'Add the key back, after the newest, and restart persistence; or delete the endpoint and make a new one.',
  }
}

function unreadablePasskeys(count: number): Finding[] {
  if (count === 0) return []
  return [
    {
      code: 'passkeys-unreadable',
      level: 'fail',
      detail: `${count} passkeys of admins were sealed with a key that is not in EMAILAUTH_SECRET_KEYS; they open nothing.`,
      fix: 'Add the key back, after the newest, and restart persistence; or register the passkeys again.',
    },
  ]
}
