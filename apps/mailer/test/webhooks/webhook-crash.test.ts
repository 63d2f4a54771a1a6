import { parseKeyRing } from '@emailauth/secrets/key-ring'
import { deriveMailerRing } from '@emailauth/secrets/mailer-ring'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startMailer } from '@emailauth/testing/services'
import { startReceiver } from '@emailauth/testing/webhook-receiver'
import { expect, test } from 'vitest'
import { anEvent, aWebhook, handOver, newIdentity, newSecret } from './webhook-events.ts'

test('kill -9 in the middle of deliveries loses nothing and changes no order', async () => {
  const redis = await startRedis()
  const env = { ...sharedEnv(redis.url), EMAILAUTH_SMTP_URL: 'smtp://127.0.0.1:1' }
  const mailer = await startMailer({ env })
  const secret = newSecret()
  const receiver = await startReceiver([secret])
  try {
    const ring = deriveMailerRing(parseKeyRing(env.EMAILAUTH_SECRET_KEYS))
    await ring.ready()
    const webhook = aWebhook(receiver.url, [secret], {}, ring)
    const identities = Array.from({ length: 30 }, newIdentity)
    const events = (['registered', 'verified'] as const).flatMap((type) =>
      identities.map((identityId) => anEvent({ type, identityId })),
    )
    let delivered = 0
    // Some come through; then the receiver takes requests and does not answer them any more.
    receiver.answer = () => (delivered++ < 15 ? 200 : 'nothing')
    const reply = await fetch(`${mailer.url}/v1/webhooks/hand-over`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(handOver(webhook, events)),
    })
    expect(reply.status).toBe(204)
    await eventually(() => expect(receiver.received.length).toBeGreaterThan(20))
    await mailer.kill()
    receiver.answer = () => 200
    await mailer.restart()
    // Those that were under way are taken over when their lease is over.
    await eventually(() => {
      expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(events.length)
    }, 60_000)
    const once = [...new Map(receiver.received.map((came) => [came.id, came])).values()]
    for (const identityId of identities) {
      const own = once.filter(({ body }) => body.data.identityId === identityId)
      expect(own.map(({ body }) => body.type)).toEqual(['REGISTERED', 'VERIFIED'])
    }
  } finally {
    await receiver.stop()
    await mailer.stop()
    await redis.stop()
  }
})
