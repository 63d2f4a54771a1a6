import { randomBytes } from 'node:crypto'
import { Pool } from 'undici'
import type { Cleanup } from '../systems/cleanup.ts'
import { TENANT } from '../systems/persistence-api.ts'
import { startMailer } from '../systems/system.ts'
import { deleteMatching, stableMemory } from './memory.ts'

/** What the mailer knows of mails. */
const MAIL_STATES = 'ea:mail:{0}:m:*'
/** As Postfix replies, with an id as long as its own. */
const REPLY = '250 2.0.0 Ok: queued as 4cK1Qz0B7Tz9rvJ'
/** So many that Redis's tables are well filled, which is when a state takes least. */
const MAILS = 20_000
const BATCH = 100
const BATCHES_AT_ONCE = 4
const LIFE_MS = 86_400_000

/**
 * Bytes for the state of each sent mail, found by deleting them all. Nothing else is in that Redis: beside
 * the rounds, replies expire meanwhile that are kept for a minute, and would count as mails.
 */
export async function measureMailStates(cleanup: Cleanup): Promise<number> {
  const { commands, url, serviceToken } = await startMailer(cleanup, REPLY)
  const pool = cleanup.keep(new Pool(url, { connections: BATCHES_AT_ONCE }), (open) => open.close())
  let missing = MAILS
  const sendAll = async () => {
    for (; missing > 0; ) {
      missing -= BATCH
      await sendMails(pool, serviceToken)
    }
  }
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, sendAll))
  const before = await stableMemory(commands)
  const deleted = await deleteMatching(commands, MAIL_STATES)
  if (deleted !== MAILS) throw new Error(`${deleted} states of ${MAILS} mails.`)
  return (before - (await stableMemory(commands))) / deleted
}

async function sendMails(pool: Pool, serviceToken: string): Promise<void> {
  const reply = await pool.request({
    method: 'POST',
    path: '/v1/messages/batch',
    headers: { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ requests: Array.from({ length: BATCH }, messageRequest) }),
  })
  // The part of the reply that is read here (packages/contracts).
  const { results } = (await reply.body.json()) as { results: { message?: { state: string } }[] }
  const unsent = results.find(({ message }) => message?.state !== 'sent')
  if (unsent !== undefined) throw new Error(`A mail was not sent: ${JSON.stringify(unsent)}`)
}

function messageRequest() {
  // As persistence names identities: one byte for the partition, and 16 of its member.
  const identityId = `${TENANT}.${randomBytes(17).toString('base64url')}`
  return {
    messageId: identityId,
    identityId,
    tenantId: TENANT,
    tenantName: 'Bench',
    email: `person-${identityId.slice(-8).toLowerCase()}@example.com`,
    number: '123456',
    locale: null,
    expiresAt: new Date(Date.now() + LIFE_MS).toISOString(),
  }
}
