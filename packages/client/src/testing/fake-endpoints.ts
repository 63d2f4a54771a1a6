import { InputError } from '../client.ts'
import type { WebhookEndpoint, WebhookSecret } from '../generated/objects.ts'
import type { CreateWebhookEndpointInput, UpdateWebhookEndpointInput } from '../generated/operations.ts'
import { type FakeEndpoint, signingSecrets } from './fake-deliveries.ts'
import {
  checkTenant,
  checkVersion,
  readDescription,
  readOverlap,
  readTypes,
  readUrl,
} from './fake-webhook-input.ts'
import { generateSecret } from './fake-webhook-post.ts'

export interface FakeEndpointOptions {
  /** Unix milliseconds. */
  readonly now: () => number
  readonly tenantId: string
}

const ENDPOINTS_MAX = 20
const SECRETS_MAX = 3
const DAY_SECONDS = 86_400

/**
 * Webhook endpoints in memory, and the calls that change them. Every change refuses what the service
 * refuses.
 */
export function createFakeEndpoints({ now, tenantId }: FakeEndpointOptions) {
  const endpoints = new Map<string, FakeEndpoint>()
  const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())

  function show(stored: FakeEndpoint): WebhookEndpoint {
    const { shown, waiting, lost, failingSince, lastSuccessAt } = stored
    const state = {
      waiting,
      failed: lost.size,
      failingSince: iso(failingSince),
      lastSuccessAt: iso(lastSuccessAt),
    }
    return { ...shown, previousSecretUntil: iso(signingSecrets(stored, now())[1]?.until), state }
  }

  return {
    find: (id: string) => endpoints.get(id),
    all: (): readonly FakeEndpoint[] => [...endpoints.values()],

    list(asked?: string): readonly WebhookEndpoint[] {
      checkTenant(tenantId, asked)
      return [...endpoints.values()].map(show)
    },

    get(id: string): WebhookEndpoint | null {
      const stored = endpoints.get(id)
      return stored === undefined ? null : show(stored)
    },

    create(input: CreateWebhookEndpointInput): WebhookSecret {
      checkTenant(tenantId, input.tenantId)
      const url = readUrl(input.url)
      const description = readDescription(input.description ?? null)
      const eventTypes = readTypes(input.eventTypes ?? null)
      if (endpoints.size >= ENDPOINTS_MAX)
        throw new InputError('BAD_USER_INPUT', `A tenant has at most ${ENDPOINTS_MAX} endpoints.`)
      const id = `${tenantId}.wh_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`
      const secret = generateSecret()
      const at = new Date(now()).toISOString()
      const stored: FakeEndpoint = {
        shown: {
          ...{ id, tenantId, version: 1, url, description, eventTypes },
          ...{ createdAt: at, updatedAt: at, disabledAt: null, disabledReason: null },
        },
        secrets: [{ secret, until: undefined }],
        ...{ attempts: [], lost: new Map(), posting: Promise.resolve(), waiting: 0, attempted: 0 },
        ...{ failingSince: undefined, lastSuccessAt: undefined },
      }
      endpoints.set(id, stored)
      return { endpoint: show(stored), secret }
    },

    update(input: UpdateWebhookEndpointInput): WebhookEndpoint | null {
      const { id, url, description, eventTypes, enabled, ifVersion } = input
      const changes = {
        ...(url === undefined || url === null ? {} : { url: readUrl(url) }),
        ...(description === undefined ? {} : { description: readDescription(description) }),
        ...(eventTypes === undefined ? {} : { eventTypes: readTypes(eventTypes) }),
      }
      const stored = endpoints.get(id)
      if (stored === undefined) return null
      checkVersion(stored.shown.version, ifVersion)
      const isChanged = (enabled ?? undefined) !== undefined && enabled !== (stored.shown.disabledAt === null)
      const turned = enabled
        ? { disabledAt: null, disabledReason: null }
        : { disabledAt: iso(now()), disabledReason: 'MANUAL' as const }
      stored.shown = { ...stored.shown, ...changes, ...(isChanged ? turned : {}) }
      const version = stored.shown.version + 1
      stored.shown = { ...stored.shown, version, updatedAt: new Date(now()).toISOString() }
      return show(stored)
    },

    delete: (id: string): boolean => endpoints.delete(id),

    rotateSecret(id: string, overlapSeconds = DAY_SECONDS): WebhookSecret | null {
      const until = readOverlap(overlapSeconds, now())
      const stored = endpoints.get(id)
      if (stored === undefined) return null
      const secret = generateSecret()
      // One that was replaced before keeps its own end.
      const older =
        until === undefined
          ? []
          : signingSecrets(stored, now()).map((one) => ({ ...one, until: one.until ?? until }))
      stored.secrets = [{ secret, until: undefined }, ...older].slice(0, SECRETS_MAX)
      stored.shown = { ...stored.shown, version: stored.shown.version + 1 }
      return { endpoint: show(stored), secret }
    },
  }
}
