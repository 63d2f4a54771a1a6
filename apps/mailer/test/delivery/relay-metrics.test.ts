import { eventually } from '@emailauth/testing/eventually'
import type { TestRedis } from '@emailauth/testing/redis'
import type { TestSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { freshMailerForEachTest } from '../fresh-mailer.ts'
import { aMessage, runMailer } from '../running-mailer.ts'

let redis: TestRedis
let smtp: TestSmtp
freshMailerForEachTest((fresh) => {
  ;({ redis, smtp } = fresh)
})

test('a relay that is gone stays unreachable in the metrics while mails pass it by, until a probe reaches it', async () => {
  await smtp.stop()
  const probes = { faultsToOpen: 1, firstProbeMs: 600_000, lastProbeMs: 600_000 }
  const long = await runMailer(redis.url, smtp.url, { limits: probes })
  const reachable = async (from: typeof long) =>
    /emailauth_smtp_reachable\{[^}]*\} (\d)/.exec((await from.get('/metrics')).body)?.[1]
  for (let i = 0; i < 3; i++) await long.send(aMessage())
  expect(await reachable(long)).toBe('0')
  await long.close()

  const probing = await runMailer(redis.url, smtp.url, {
    limits: { faultsToOpen: 1, firstProbeMs: 20, lastProbeMs: 20 },
  })
  await probing.send(aMessage())
  expect(await reachable(probing)).toBe('0')
  await smtp.restart()
  await eventually(async () => expect(await reachable(probing)).toBe('1'))
  await probing.close()
})

test('a relay that answers nobody is unreachable in the metrics, long before its timeouts are over', async () => {
  smtp.script.connect = () => new Promise(() => {})
  const waiting = await runMailer(redis.url, smtp.url, { limits: { stalledAfterMs: 50 } })
  const sent = waiting.send(aMessage())
  await eventually(async () =>
    expect((await waiting.get('/metrics')).body).toMatch(/emailauth_smtp_reachable\{[^}]*\} 0/),
  )
  expect((await sent).json()).toMatchObject({ state: 'queued' })
  await waiting.close()
})

test('a relay that refuses everybody shows in the metrics, though single mails are tried', async () => {
  smtp.script.mailFrom = () => ({ code: 550, text: '5.7.1 sender not allowed' })
  const refused = await runMailer(redis.url, smtp.url, { limits: { refusalsToOpen: 2 } })
  const refusing = async () =>
    /emailauth_smtp_refusing\{[^}]*\} (\d)/.exec((await refused.get('/metrics')).body)?.[1]
  expect(await refusing()).toBe('0')
  for (let i = 0; i < 2; i++) await refused.send(aMessage())
  expect(await refusing()).toBe('1')
  await refused.close()
})
