import { emailKey } from '@emailauth/contracts/email-address'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import { defineRule } from '@emailauth/redis/rules/rule'
import { digest } from '@emailauth/secrets/digest'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import countTestMailLua from './lua/count-test-mail.lua'

/** Counts a test mail. Returns 0, or the seconds until one is allowed. Throws when Redis does not answer. */
export type TestMailLimit = (tenantId: string, email: string) => Promise<number>

/** Limited because test mails go to any address in the tenant's name. */
const PER_ADDRESS = { most: 5, windowMs: 600_000 }
const PER_TENANT = { most: 30, windowMs: 3_600_000 }
const DIGEST_BYTES = 18

const countScript = defineRule(countTestMailLua, {
  args: [],
  each: ['most', 'windowMs'],
  decode: (waitMs: number) => waitMs,
})

export function createTestMailLimit(redis: RedisConnection, ring: KeyRing): TestMailLimit {
  return async (tenantId, email) => {
    const address = digest(ring.keys[0], 'address', `test mail ${emailKey(email)}`, DIGEST_BYTES)
    const keys = [`to:${address.toString('base64url')}`, 'all'].map(
      (of) => `ea:mail:{test:${tenantId}}:${of}`,
    )
    return Math.ceil((await countScript(redis, keys, { each: [PER_ADDRESS, PER_TENANT] })) / 1000)
  }
}
