import { readFile } from 'node:fs/promises'
import { connectRedis } from '@emailauth/redis/connection/connect'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offerAndTake } from '../queue/offer-and-take.ts'
import { aMessage, type RunningMailer, runMailer } from '../running-mailer.ts'

let redis: TestRedis
let smtp: TestSmtp
let admin: Redis
let mailer: RunningMailer

/** A Redis user's rules as docs/deployment/redis.md gives them. */
async function documented(user: string): Promise<string[]> {
  const page = await readFile(new URL('../../../../docs/deployment/redis.md', import.meta.url), 'utf8')
  const [, rules] = new RegExp(`^ACL SETUSER ${user} on >\\S+ (.+)$`, 'm').exec(page) ?? []
  return rules?.split(' ') ?? []
}

const urlOf = (user: string) => `redis://${user}:pw@127.0.0.1:${redis.port}`

beforeAll(async () => {
  redis = await startRedis()
  smtp = await startSmtp()
  admin = new Redis(redis.url)
  for (const user of ['emailauth-mailer', 'emailauth-persistence']) {
    await admin.call('ACL', 'SETUSER', user, 'on', '>pw', ...(await documented(user)))
  }
  mailer = await runMailer(urlOf('emailauth-mailer'), smtp.url)
})
afterAll(async () => {
  await mailer?.close()
  admin?.disconnect()
  await smtp?.stop()
  await redis?.stop()
})

test('the mailer works as the documented user: it sends, answers, tests, suppresses and lists', async () => {
  const request = aMessage()
  expect((await mailer.send(request)).json().state).toBe('sent')
  expect((await mailer.get(`/v1/messages?ids=${request.identityId}`)).json().messages).toHaveLength(1)
  expect((await mailer.get('/v1/suppressions?tenantId=demo')).statusCode).toBe(200)
  const preview = { tenantId: 'demo', tenantName: 'Demo', mail: {}, locale: null, email: 'ada@example.com' }
  expect((await mailer.post('/v1/previews/test', preview)).statusCode).toBe(200)
  expect((await mailer.get('/readyz')).statusCode).toBe(200)
})

test.each(['retry', 'webhooks'] as const)(
  'it offers and takes %s work by key as that user',
  async (queue) => {
    const connection = await connectRedis(urlOf('emailauth-mailer'), { onError: () => {} })
    try {
      expect(await offerAndTake(connection, queue)).toEqual(['demo.1'])
    } finally {
      connection.disconnect()
    }
  },
)

const OF_PERSISTENCE = [
  'ea:{mail:00}:i',
  'ea:meta',
  'ea:tenant:demo',
  'ea:audit:lanes',
  'ea:session:1',
  'ea:key:1',
]
const OF_THE_MAILER = ['ea:mail:{0}:m:1', 'ea:mail:{suppressed:demo}:entries', '{ea:mail}:messages:id']

test.each([
  ['emailauth-mailer', OF_PERSISTENCE, OF_THE_MAILER],
  ['emailauth-persistence', OF_THE_MAILER, OF_PERSISTENCE],
])('%s reads and writes nothing of the other service', async (user, others, own) => {
  const connection = new Redis(urlOf(user))
  try {
    for (const key of others) {
      await expect(connection.get(key)).rejects.toThrow('NOPERM')
      await expect(connection.del(key)).rejects.toThrow('NOPERM')
      await expect(connection.eval("return redis.call('get', KEYS[1])", 1, key)).rejects.toThrow('NOPERM')
    }
    for (const key of own) expect([0, 1]).toContain(await connection.exists(key))
  } finally {
    connection.disconnect()
  }
})
