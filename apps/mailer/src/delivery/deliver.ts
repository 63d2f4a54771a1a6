import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { MessageRequest } from '@emailauth/contracts/messages'
import type { Logger } from '@emailauth/service/logger'
import type { Smtp } from '../smtp/hand-over.ts'
import { domainOf, type Mailbox } from '../smtp/mailbox.ts'
import type { RenderMail } from '../templates/mail-cache.ts'
import type { DeliveryMetrics } from './delivery-metrics.ts'
import type { MessageRecord } from './message-record.ts'
import type { MessageStore } from './message-store.ts'
import { withoutSecrets } from './without-secrets.ts'

/** Longest attempt, in milliseconds; shorter than the lease on a message, so that no two attempts ever overlap. */
const ATTEMPT_MS = 20_000

export interface DeliverOptions {
  readonly store: MessageStore
  readonly smtp: Smtp
  readonly renderMail: RenderMail
  readonly from: Mailbox
  readonly metrics: DeliveryMetrics
  readonly logger: Logger | undefined
  /** Unix milliseconds. */
  readonly now: () => number
}

/** Sends a message now, once, and tells how that ended. Fails when Redis does not answer before anything was sent. */
export type Deliver = (request: MessageRequest) => Promise<MessageRecord>

/** One message id, one mail: calls that name the same message get the same answer, on all mailers. */
export function createDeliver(options: DeliverOptions): Deliver {
  const { store, smtp, renderMail, from, metrics, logger, now } = options
  const underWay = new Map<string, Promise<MessageRecord>>()

  async function deliverOnce(request: MessageRequest): Promise<MessageRecord> {
    const expiresAtMs = Date.parse(request.expiresAt)
    const giveUpAtMs = now() + ATTEMPT_MS
    for (;;) {
      const claim = await store.claim(request, expiresAtMs)
      if (claim.kind === 'settled') return claim.record
      if (claim.kind === 'dropped') return ended('dropped', 0, null)
      if (claim.kind === 'claimed') return attempt(request, claim.attempt, expiresAtMs)
      const theirs = await othersAttempt(request, claim.attempt, giveUpAtMs)
      if (theirs !== undefined) return theirs
    }
  }

  async function attempt(
    request: MessageRequest,
    attempts: number,
    expiresAtMs: number,
  ): Promise<MessageRecord> {
    const startedAtMs = now()
    const record =
      startedAtMs >= expiresAtMs
        ? ended('expired', attempts - 1, null)
        : await handOver(request, attempts, expiresAtMs - startedAtMs)
    metrics.attempted(record.state, (now() - startedAtMs) / 1000)
    try {
      await store.settle(request, record, expiresAtMs)
    } catch (error) {
      // The mail has gone out or not all the same, and that is what the caller must hear.
      logger?.error({ err: error, identityId: request.identityId, state: record.state }, 'state not recorded')
    }
    return record
  }

  async function handOver(
    request: MessageRequest,
    attempts: number,
    remainingMs: number,
  ): Promise<MessageRecord> {
    const raw = await renderMail({
      ...request,
      remainingMs,
      messageId: `${mailId(request)}@${domainOf(from.address)}`,
      date: new Date(now()),
    })
    const giveUp = new AbortController()
    const timer = setTimeout(() => giveUp.abort(), Math.min(ATTEMPT_MS, remainingMs))
    const mail = { from: from.address, to: request.email, raw, signal: giveUp.signal }
    const { outcome, reply } = await smtp.handOver(mail)
    clearTimeout(timer)
    return ended(outcome, attempts, withoutSecrets(reply, request))
  }

  /** Waits for the end of an attempt that somebody else makes; undefined when that somebody died in it. */
  async function othersAttempt(
    request: MessageRequest,
    attempts: number,
    giveUpAtMs: number,
  ): Promise<MessageRecord | undefined> {
    for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, 250)) {
      const record = await store.find(request)
      if (record === undefined || (record.state === 'deferred' && record.attempts < attempts))
        return undefined
      if (record.state !== 'queued' || now() >= giveUpAtMs) return record
      await wait(pauseMs)
    }
  }

  function ended(state: MessageRecord['state'], attempts: number, reply: string | null): MessageRecord {
    return { state, attempts, updatedAtMs: now(), reply }
  }

  return (request) => {
    const name = `${request.identityId} ${request.messageId}`
    const known = underWay.get(name)
    if (known !== undefined) return known
    const started = deliverOnce(request).finally(() => underWay.delete(name))
    underWay.set(name, started)
    return started
  }
}

/** A repeated mail bears the same id, and the id gives nothing away: `verify` may ask for the identity's beside the number. */
function mailId({ identityId, messageId }: MessageRequest): string {
  return createHash('sha256').update(`${identityId} ${messageId}`).digest('base64url').slice(0, 32)
}
