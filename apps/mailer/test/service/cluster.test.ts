import { connectRedis } from '@emailauth/redis/connection/connect'
import { eventually } from '@emailauth/testing/eventually'
import { startCluster } from '@emailauth/testing/redis-cluster'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { offerAndTake } from '../queue/offer-and-take.ts'
import { aMessage, runMailer } from '../running-mailer.ts'

test('on a Redis Cluster mails are sent, retried, listed, dropped and offered by key as on one Redis', async () => {
  const cluster = await startCluster()
  const smtp = await startSmtp()
  const mailer = await runMailer(cluster.url, smtp.url)
  const redis = await connectRedis(cluster.url, { onError: () => {} })
  try {
    const refusals = [{ code: 451, text: '4.7.1 later' }]
    smtp.script.rcptTo = () => refusals.shift()
    const requests = Array.from({ length: 10 }, (_, i) => aMessage({ email: `user${i}@example.com` }))
    const replies = await Promise.all(requests.map((request) => mailer.send(request)))
    const states = replies.map((reply) => reply.json().state)
    expect(states.filter((state) => state === 'sent')).toHaveLength(9)
    await eventually(() => expect(smtp.mails).toHaveLength(10))
    await eventually(async () => {
      expect((await mailer.get('/v1/messages?state=sent')).json().messages).toHaveLength(10)
    })
    expect(
      (await mailer.post('/v1/messages/drops', { identityIds: [aMessage().identityId] })).statusCode,
    ).toBe(204)
    expect(await offerAndTake(redis, 'retry')).toEqual(['demo.1'])
  } finally {
    redis.disconnect()
    await mailer.close()
    await smtp.stop()
    await cluster.stop()
  }
})
