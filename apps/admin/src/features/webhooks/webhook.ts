import type { Tone } from '../../components/state-badge.tsx'
import type { EventType, WebhookFactsFragment, WebhookStatesQuery } from '../../generated/graphql.ts'
import { GROUPS } from '../events/kinds.ts'

export type Webhook = WebhookFactsFragment
/** What can be changed of an endpoint. */
export type WebhookFields = Pick<Webhook, 'url' | 'description' | 'eventTypes'>
/** The state of deliveries to an endpoint, as the mailer knows it. */
export type WebhookHealth = WebhookStatesQuery['webhookEndpointConnection']['nodes'][number]['state']

/** The types that an endpoint can be limited to: all but what admins do. */
export const WEBHOOK_TYPES = [
  ...GROUPS.numbers,
  ...GROUPS.mail,
  'WEBHOOK_DISABLED',
] as const satisfies readonly EventType[]

/** Of how long the events that were given up can be sent again, in milliseconds. */
export const PERIODS = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const
/** How long the secret before a new one goes on signing, in seconds. */
export const OVERLAPS = { none: 0, hour: 3600, day: 86_400, week: 604_800, month: 2_592_000 } as const

/** The state of an endpoint in one word, and the text it is shown with. */
export type WebhookCondition = 'disabled' | 'sealed' | 'unknown' | 'failing' | 'waiting' | 'unused' | 'works'

export const CONDITION_TONES: Readonly<Record<WebhookCondition, Tone>> = {
  disabled: 'plain',
  sealed: 'bad',
  unknown: 'plain',
  failing: 'bad',
  waiting: 'warning',
  unused: 'plain',
  works: 'good',
}

/** A few events under way are normal. From here on the endpoint falls behind. */
const MANY_WAITING = 20

/** @param health undefined: the mailer does not answer. */
export function conditionOf(
  { url, disabledAt }: Webhook,
  health: WebhookHealth | undefined,
): WebhookCondition {
  if (url === '') return 'sealed'
  if (disabledAt !== null) return 'disabled'
  if (health === undefined) return 'unknown'
  if (health.failingSince !== null) return 'failing'
  if (health.waiting >= MANY_WAITING) return 'waiting'
  return health.lastSuccessAt === null ? 'unused' : 'works'
}

/** The URL without its scheme, which all have in common. */
export const shortUrl = (url: string): string => url.replace(/^https:\/\//, '')
