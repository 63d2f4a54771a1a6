import type { GatewayContext } from '../graphql/context.ts'
import type { Mailer } from '../services/mailer/mailer-client.ts'
import type { Persistence } from '../services/persistence/persistence-client.ts'

/** What the resolvers of webhooks work with. */
export interface WebhookPorts {
  readonly persistence: Pick<
    Persistence,
    | 'webhooks'
    | 'webhookPage'
    | 'webhook'
    | 'sealedWebhook'
    | 'createWebhook'
    | 'updateWebhook'
    | 'deleteWebhook'
    | 'rotateWebhook'
    | 'recordMailAct'
    | 'eventAt'
  >
  readonly mailer: Pick<Mailer, 'webhookState' | 'webhookAttempts' | 'replayWebhookEvents' | 'testWebhook'>
}

export type WebhookContext = GatewayContext<WebhookPorts>
