import { rm } from 'node:fs/promises'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import { redisCommand } from '@emailauth/testing/redis-command'
import { sharedEnv, startGateway, startMailer, startPersistence } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, onTestFinished, test } from 'vitest'

const SOON_MS = 30_000

test('while Redis refuses writes /readyz of all three services says 503, and the log says why', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const smtp = await startSmtp()
  onTestFinished(() => smtp.stop())
  const env = { ...sharedEnv(redis.url), EMAILAUTH_SMTP_URL: smtp.url }
  const persistence = await startPersistence({ env })
  onTestFinished(() => persistence.stop())
  const mailer = await startMailer({ env })
  onTestFinished(() => mailer.stop())
  const gateway = await startGateway({
    env: { ...env, EMAILAUTH_PERSISTENCE_URL: persistence.url, EMAILAUTH_MAILER_URL: mailer.url },
  })
  onTestFinished(() => gateway.stop())

  const all = [persistence, mailer, gateway]
  const say = (expected: number) =>
    eventually(async () => {
      const replies = await Promise.all(all.map(({ url }) => fetch(`${url}/readyz`)))
      expect(replies.map(({ status }) => status)).toEqual([expected, expected, expected])
    }, SOON_MS)
  const set = (...setting: [string, string]) => redisCommand(redis.port, 'config', 'set', ...setting)
  const causes = {
    OOM: [() => set('maxmemory', '1'), () => set('maxmemory', '0')],
    NOREPLICAS: [() => set('min-replicas-to-write', '1'), () => set('min-replicas-to-write', '0')],
    READONLY: [
      () => redisCommand(redis.port, 'replicaof', '127.0.0.1', '1'),
      () => redisCommand(redis.port, 'replicaof', 'no', 'one'),
    ],
    MISCONF: [
      async () => {
        await set('save', '3600 1000000')
        await rm(redis.folder, { recursive: true })
        await redisCommand(redis.port, 'bgsave')
      },
      () => set('stop-writes-on-bgsave-error', 'no'),
    ],
  } as const
  await say(200)
  for (const [code, [refuse, accept]] of Object.entries(causes)) {
    await refuse()
    await say(503)
    for (const service of [persistence, mailer])
      await eventually(() => expect(service.output()).toContain(`It said: ${code} `), SOON_MS)
    await accept()
    await say(200)
  }
}, 300_000)
