import {
  type SealedWebhook,
  type WebhookEndpoint,
  type WebhookTarget,
  webhookAdditionalData,
  webhookEndpoint,
  webhookTarget,
} from '@emailauth/contracts/webhooks'
import { readJsonRecord, writeJsonRecord } from '@emailauth/redis/rules/json-record'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { seal, UnsealError, unseal } from '@emailauth/secrets/seal'
import { z } from 'zod'

/** What may be shown of an endpoint without opening what is sealed. */
const shownWebhook = webhookEndpoint.omit({ url: true, version: true, previousSecretUntil: true })

/**
 * An endpoint as it lies in Redis. Its URL is sealed too, because the URLs of many receivers hold a secret.
 */
const webhookRecord = z.object({
  shown: shownWebhook,
  version: z.number().describe('Grows with each change'),
  since: z.string().describe('Only events after this cursor are for it'),
  sealed: z.string().describe('A WebhookTarget, sealed for the mailer and this endpoint, in base64'),
})
export type WebhookRecord = Readonly<z.infer<typeof webhookRecord>>

const FORMAT = 1

export const writeWebhook = (record: WebhookRecord): string => writeJsonRecord(FORMAT, record)

/** @throws {Error} when a newer version wrote it. */
export const readWebhook = (stored: string): WebhookRecord =>
  webhookRecord.parse(readJsonRecord(stored, FORMAT, 'webhook endpoint'))

/** @param ring the mailer's. */
export function sealTarget(ring: KeyRing, id: string, target: WebhookTarget): string {
  return seal(ring, sealContextOf(id), JSON.stringify(target)).toString('base64')
}

/** Undefined when it was sealed with a key that has left the ring. */
export function openTarget(ring: KeyRing, { shown, sealed }: WebhookRecord): WebhookTarget | undefined {
  try {
    return webhookTarget.parse(
      JSON.parse(unseal(ring, sealContextOf(shown.id), Buffer.from(sealed, 'base64'))),
    )
  } catch (error) {
    if (error instanceof UnsealError) return undefined
    throw error
  }
}

/** The endpoint as callers see it. Its URL is empty if it cannot be unsealed any more. */
export function toEndpoint(ring: KeyRing, record: WebhookRecord, nowMs: number): WebhookEndpoint {
  const target = openTarget(ring, record)
  const ends = (target?.secrets ?? []).flatMap(({ until }) =>
    until !== null && Date.parse(until) > nowMs ? [until] : [],
  )
  return {
    ...record.shown,
    version: record.version,
    url: target?.url ?? '',
    previousSecretUntil: ends.sort().at(-1) ?? null,
  }
}

/** As the mailer needs it. */
export function toSealedWebhook({ shown, version, sealed }: WebhookRecord): SealedWebhook {
  return { id: shown.id, version, enabled: shown.disabledAt === null, sealed }
}

const sealContextOf = (id: string) =>
  ({ purpose: 'webhook', additionalData: webhookAdditionalData(id) }) as const
