import { setImmediate as nextTurn } from 'node:timers/promises'
import { startFaultProxy } from '@emailauth/testing/fault-proxy'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startMailer, startPersistence } from '@emailauth/testing/services'
import { expect, test } from 'vitest'

test.each([
  ['persistence', startPersistence],
  ['mailer', startMailer],
])('a %s whose Redis stops answering while it starts waits for it', async (_name, start) => {
  const redis = keep(await startRedis())
  const proxy = keep(await startFaultProxy(redis.port))
  const env = { ...sharedEnv(`redis://127.0.0.1:${proxy.port}`), EMAILAUTH_SMTP_URL: 'smtp://127.0.0.1:1' }
  const starting = start({ env })
  let isFrozen = false
  const freezing = (async () => {
    while (proxy.bytesForward() === 0) await nextTurn()
    // As on a connection that is half open. Only new ones carry something.
    proxy.freeze()
    isFrozen = true
  })()
  const service = keep(await starting)
  await freezing
  expect(isFrozen).toBe(true)
  expect(service.output()).not.toContain('max retries per request')
})
