import {
  type SealedWebhook,
  type WebhookTarget,
  webhookAdditionalData,
  webhookTarget,
} from '@emailauth/contracts/webhooks'
import type { RedisConnection } from '@emailauth/redis/connection/connect'
import type { KeyRing } from '@emailauth/secrets/key-ring'
import { MissingKeyError, UnsealError, unseal } from '@emailauth/secrets/seal'
import { rules } from './delivery-rules.ts'
import { endpointKeys } from './endpoint-keys.ts'
import { CONFIG_KEPT_MS } from './limits.ts'

/** URL and secrets cannot be opened. `missingKey`: the id of the key that is missing, if that is why. */
export interface SealedEndpoint {
  readonly missingKey: string | undefined
}

/** An endpoint as the mailer knows it. */
export type KnownEndpoint =
  | { readonly version: number; readonly enabled: boolean; readonly target: WebhookTarget }
  | SealedEndpoint

/** The mailer's copies of endpoints. Both methods fail when Redis does not answer. */
export interface KnownEndpoints {
  /** Sets the endpoint's URL, secrets and state. True: waiting events are due now. */
  configure(webhook: SealedWebhook): Promise<boolean>
  /** undefined: no event was handed over for it lately. */
  get(id: string): Promise<KnownEndpoint | undefined>
}

/** @param now Unix milliseconds */
export function createKnownEndpoints(
  redis: RedisConnection,
  ring: KeyRing,
  now: () => number,
): KnownEndpoints {
  return {
    async configure({ id, version, enabled, sealed }) {
      const args = { version, enabled: enabled ? 1 : 0, sealed, keptMs: CONFIG_KEPT_MS, now: now() }
      return rules.configure(redis, [endpointKeys(id)], args)
    },

    async get(id) {
      const { version, enabled, sealed } = await redis.hgetall(`${endpointKeys(id)}config`)
      if (sealed === undefined) return undefined
      const target = openTarget(ring, id, sealed)
      if ('missingKey' in target) return target
      return { version: Number(version), enabled: enabled === '1', target }
    },
  }
}

function openTarget(ring: KeyRing, id: string, sealed: string): WebhookTarget | SealedEndpoint {
  try {
    const context = { purpose: 'webhook', additionalData: webhookAdditionalData(id) } as const
    return webhookTarget.parse(JSON.parse(unseal(ring, context, Buffer.from(sealed, 'base64'))))
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error
    return { missingKey: error instanceof MissingKeyError ? error.keyId : undefined }
  }
}
