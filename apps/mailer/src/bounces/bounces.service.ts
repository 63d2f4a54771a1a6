import { domainToUnicode } from 'node:url'
import { tenantOfIdentity } from '@emailauth/contracts/common'
import type { EmailAddress } from '@emailauth/contracts/email-address'
import type { BounceRequest } from '@emailauth/contracts/messages'
import { readReportedAddress } from '@emailauth/contracts/reported-address'
import { ADMIN_TENANT } from '@emailauth/contracts/tenants'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import type { MessageIndex } from '../message-state/message-index.ts'
import type { MessageStore } from '../message-state/message-store.ts'
import { type MessageToken, readMessageToken } from '../message-tokens/message-token.ts'
import { digestOfReturnToken, isReturnTokenOf } from '../message-tokens/return-path.ts'
import type { OutcomeList } from '../outcomes/outcome-list.ts'
import { withoutSecrets } from '../smtp/without-secrets.ts'
import type { Suppressions } from '../suppressions/suppression-store.ts'
import { speaksOfMailbox } from './speaks-of-mailbox.ts'

/** `unknown`: the bounce's Message-ID is none of ours, or its message went to another address. */
export type BounceOutcome = 'taken' | 'unknown'

export interface BouncesOptions {
  /** Verifies message tokens. */
  readonly ring: KeyRing
  readonly count: (outcome: BounceOutcome) => void
  readonly store: Pick<MessageStore, 'find' | 'bounce'>
  readonly index: Pick<MessageIndex, 'byDigest' | 'reached'>
  readonly outcomes: Pick<OutcomeList, 'add'>
  readonly suppressions: Pick<Suppressions, 'add'>
  /** Unix milliseconds. */
  readonly now: () => number
}

/**
 * Records a bounce on its message. A permanent one also suppresses the address. A repeated bounce changes
 * nothing.
 */
export function createTakeBounce({ ring, count, store, index, outcomes, suppressions, now }: BouncesOptions) {
  return async function takeBounce(bounce: BounceRequest): Promise<BounceOutcome> {
    const outcome = await take(bounce)
    count(outcome)
    return outcome
  }

  async function take(bounce: BounceRequest): Promise<BounceOutcome> {
    const [, token = ''] = /^<?([^@<>]+)@[^@<>]+>?$/.exec(bounce.messageId.trim()) ?? []
    const found = await findSent(token, readReportedAddress(bounce.email))
    if (found === undefined) return 'unknown'
    const { sent, address } = found
    const reason = reasonOf(bounce, address) || 'the mail came back'
    // Bounces do not suppress admins: their addresses are few and the operator lists them.
    const isPermanent = bounce.permanent && speaksOfMailbox(bounce.reason)
    if (isPermanent && sent.tenantId !== ADMIN_TENANT) {
      // A mail whose state cannot be read counts as one whose state is gone.
      const sentAtMs = await sentAt(sent.digest).catch(() => undefined)
      await suppressions.add(sent.tenantId, address.email, reason, sentAtMs)
    }
    await mark(sent.digest, reason)
    return 'taken'
  }

  async function stateOf(digest: string) {
    const name = await index.byDigest(digest)
    return name && { name, record: await store.find(name) }
  }

  /** Unix milliseconds. undefined: it is not known any more. */
  async function sentAt(digest: string): Promise<number | undefined> {
    const record = (await stateOf(digest))?.record
    return record?.state === 'sent' ? record.updatedAtMs : undefined
  }

  /** The recipient of the message decides which of the named addresses is meant. */
  async function findSent(token: string, named: readonly EmailAddress[]) {
    for (const address of named) {
      const sent =
        readMessageToken(ring, token, address.email) ?? (await readReturnToken(token, address.email))
      if (sent !== undefined) return { sent, address }
    }
    return undefined
  }

  /** A return path's token does not contain the tenant. The message's state does. */
  async function readReturnToken(token: string, email: string): Promise<MessageToken | undefined> {
    const digest = digestOfReturnToken(token)
    const name = digest === undefined ? undefined : await index.byDigest(digest)
    if (digest === undefined || name === undefined) return undefined
    const sent = { digest, tenantId: tenantOfIdentity(name.identityId) }
    return isReturnTokenOf(ring, token, { ...sent, email }) ? sent : undefined
  }

  /** A message's state lives little longer than its number. A later bounce only suppresses the address. */
  async function mark(digest: string, reason: string): Promise<void> {
    const found = await stateOf(digest)
    if (found === undefined) return
    const { name, record } = found
    // The outcome is added even if the message was marked before: the mailer that marked it may have died
    // then.
    if (record?.state === 'bounced') await outcomes.add(name, 'bounced')
    if (record?.state !== 'sent') return
    const bounced = { ...record, state: 'bounced', updatedAtMs: now(), reply: reason } as const
    if (!(await store.bounce(name, bounced))) return
    await Promise.all([index.reached(name, 'bounced'), outcomes.add(name, 'bounced')])
  }
}

/** Why it came back, without the address: as it is, and with its domain in Unicode. */
function reasonOf({ reason }: BounceRequest, { email }: EmailAddress): string {
  const inUnicode = email.replace(/[^@]+$/, domainToUnicode)
  return withoutSecrets(withoutSecrets(reason, { email: inUnicode }), { email })
}

export type TakeBounce = ReturnType<typeof createTakeBounce>
