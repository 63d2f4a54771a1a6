import { randomBytes } from 'node:crypto'
import { type Event, eventCursor } from '@emailauth/contracts/events'
import type { ReplayRequest } from '@emailauth/contracts/webhook-deliveries'
import { tenantOfWebhook } from '@emailauth/contracts/webhooks'
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { Allow, known } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import { badInput } from '../graphql/input.ts'
import type { WebhookContext } from './webhook.context.ts'
import { mayUseWebhook } from './webhook-access.ts'
import {
  ReplayedWebhookEvents,
  ReplayWebhookEventsInput,
  SendTestEventInput,
  SentTestEvent,
} from './webhook-changes.types.ts'

const IDS_MAX = 50
const HELP = {
  eventIds: `must be the ids of 1 to ${IDS_MAX} events.`,
  failedSince: 'or eventIds is needed, not both.',
}

@Resolver()
export class WebhookReplaysResolver {
  @Allow('ANY_KEY')
  @Mutation(() => ReplayedWebhookEvents, {
    description:
      'Sends events to a webhook endpoint again, with the ids that they had. The answer names those that are kept and are sent: an event is kept for a day, one that was given up for a week.',
  })
  async replayWebhookEvents(
    @Arg('input', () => ReplayWebhookEventsInput, {
      description: 'The endpoint, and the events to send again.',
    })
    { endpointId, eventIds, failedSince }: ReplayWebhookEventsInput,
    @Ctx() { caller, services }: WebhookContext,
  ): Promise<ReplayedWebhookEvents> {
    const ids = [...new Set(eventIds ?? [])]
    const since = failedSince ?? undefined
    if ((eventIds ?? undefined) === undefined ? since === undefined : since !== undefined)
      throw badInput('failedSince', HELP)
    const isBad = ids.length > IDS_MAX || ids.some((id) => !eventCursor.safeParse(id).success)
    if (isBad || (since === undefined && ids.length === 0)) throw badInput('eventIds', HELP)
    if (!mayUseWebhook(caller, endpointId)) return { eventIds: null }
    const { persistence, mailer } = services
    const webhook = await persistence.sealedWebhook(endpointId)
    if (webhook === undefined) return { eventIds: null }
    const tenantId = tenantOfWebhook(endpointId)
    const act = { type: 'webhook.replayed', tenantId, target: endpointId } as const
    await persistence.recordMailAct(act, actorOf(known(caller)))
    const again = async (which: Pick<ReplayRequest, 'since' | 'eventIds' | 'events'>) => ({
      eventIds: await mailer.replayWebhookEvents(endpointId, { webhook, ...which }),
    })
    if (since !== undefined) return again({ since: since.toISOString() })
    const kept = await Promise.all(ids.map((id) => persistence.eventAt(tenantId, id)))
    const events = kept.filter((event): event is Event => event !== undefined)
    return again({ eventIds: ids, events })
  }

  @Allow('ANY_KEY')
  @Mutation(() => SentTestEvent, {
    description:
      'Posts an event of the type WEBHOOK_TESTED to a webhook endpoint at once, also to one that is disabled, and answers what came of it.',
  })
  async sendTestEvent(
    @Arg('input', () => SendTestEventInput, { description: 'The endpoint that gets a test event.' })
    { endpointId }: SendTestEventInput,
    @Ctx() { caller, services }: WebhookContext,
  ): Promise<SentTestEvent> {
    if (!mayUseWebhook(caller, endpointId)) return { attempt: null }
    const { persistence, mailer } = services
    const webhook = await persistence.sealedWebhook(endpointId)
    if (webhook === undefined) return { attempt: null }
    const tenantId = tenantOfWebhook(endpointId)
    const act = { type: 'webhook.tested', tenantId, target: endpointId } as const
    await persistence.recordMailAct(act, actorOf(known(caller)))
    return { attempt: await mailer.testWebhook(webhook, testEvent(tenantId, endpointId)) }
  }
}

/** An event that is in no stream; its id looks like that of any other. */
function testEvent(tenantId: string, target: string): Event {
  const ms = Date.now()
  return {
    cursor: `${ms.toString(16).padStart(12, '0')}-${randomBytes(4).toString('hex')}-test`,
    type: 'webhook.tested',
    at: new Date(ms).toISOString(),
    tenantId,
    identityId: null,
    email: null,
    actor: null,
    target,
    changes: null,
    relay: null,
    reply: null,
    reason: null,
    requestId: null,
  }
}
