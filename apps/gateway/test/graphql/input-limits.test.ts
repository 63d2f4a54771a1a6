import 'reflect-metadata'
import { expect, test } from 'vitest'
import type { Caller } from '../../src/access/caller.ts'
import { EventsResolver } from '../../src/events/events.resolver.ts'
import { IdentitiesResolver } from '../../src/identities/identities.resolver.ts'
import { MessageChangesResolver } from '../../src/messages/message-changes.resolver.ts'
import { WebhookReplaysResolver } from '../../src/webhooks/webhook-replays.resolver.ts'

// Limits of input that a resolver checks by itself. Those of the REST contracts are in
// packages/contracts/src/limits.test.ts.

const caller: Caller = { scope: 'admin', apiKeyId: 'ak_1' }

class Passed extends Error {}

/** Services whose first call proves that the input was let through; `given` is what it got. */
function services() {
  const given: unknown[] = []
  const service = new Proxy(
    {},
    {
      get: () => async (argument: unknown) => {
        given.push(argument)
        throw new Passed()
      },
    },
  )
  return { given, context: { caller, services: { persistence: service, mailer: service } } as never }
}

type Act = (context: never, count: number) => Promise<unknown>
const many = (count: number, one: string) => Array.from({ length: count }, () => one)

const LIMITS: readonly [what: string, most: number, act: Act][] = [
  [
    'characters of the cursor of identities',
    200,
    (context, count) => new IdentitiesResolver().identities(1, 'x'.repeat(count), undefined, context),
  ],
  [
    'identities whose mails are tried again',
    200,
    (context, count) =>
      new MessageChangesResolver().retryMessages(many(count, `demo.${'A'.repeat(23)}`), undefined, context),
  ],
  [
    'events that are sent to a webhook again',
    50,
    (context, count) =>
      new WebhookReplaysResolver().replayWebhookEvents(
        {
          endpointId: 'demo.wh_0000000000000000',
          eventIds: Array.from({ length: count }, (_, at) => `${String(at).padStart(12, '0')}-00000000-demo`),
          failedSince: null,
        } as never,
        context,
      ),
  ],
]

test.each(LIMITS)('%s: at most %i', async (_what, most, act) => {
  await expect(act(services().context, most)).rejects.toThrow(Passed)
  await expect(act(services().context, most + 1)).rejects.toMatchObject({ problem: { code: 'bad-input' } })
})

test('of the actor of events 400 characters are looked for', async () => {
  const { given, context } = services()
  const args = [{}, null, 'x'.repeat(401), null, 1, null, {}, context] as const
  await expect(new EventsResolver().events(...args)).rejects.toThrow(Passed)
  expect(given).toMatchObject([{ actorId: 'x'.repeat(400) }])
})
