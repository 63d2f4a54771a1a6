import { existsSync } from 'node:fs'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import { sharedEnv, startGateway, startMailer, startPersistence } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, onTestFinished, test } from 'vitest'
import { FULL, report } from './form.ts'
import { createSignIns } from './sign-ins.ts'
import { WIDE_SETTINGS } from './world.ts'

// Of the Debian package faketime: it changes the wall clock of a process, and not its monotonic one.
const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'
const CALLERS = 4
const SIGN_INS = 200

test.runIf(FULL && existsSync(LIBRARY)).each(['1m', '4m', '1h'])(
  'hosts whose clocks differ by %s from that of Redis, one ahead and one behind: all sign-ins succeed',
  async (by) => {
    const redis = keep(await startRedis())
    const smtp = keep(await startSmtp())
    const env = { ...sharedEnv(redis.url), EMAILAUTH_SMTP_URL: smtp.url }
    const clock = (sign: '+' | '-') => ({
      LD_PRELOAD: LIBRARY,
      FAKETIME: `${sign}${by}`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    })
    const both = async (start: typeof startPersistence, more: Record<string, string> = {}) => [
      keep(await start({ env: { ...env, ...more, ...clock('+') } })),
      keep(await start({ env: { ...env, ...more, ...clock('-') } })),
    ]
    const list = (services: readonly { url: string }[]) => services.map(({ url }) => url).join(',')
    const persistences = await both(startPersistence)
    const mailers = await both(startMailer)
    const gateways = await both(startGateway, {
      EMAILAUTH_PERSISTENCE_URL: list(persistences),
      EMAILAUTH_MAILER_URL: list(mailers),
    })
    const persist = async (path: string, body: object) => {
      const reply = await fetch(`${persistences[0]?.url}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      })
      return (await reply.json()) as { key: string }
    }
    const settings = { ...WIDE_SETTINGS, ttlSeconds: 600 }
    await persist('/v1/tenants', { id: 'clocks', name: 'Clocks', settings })
    const { key } = await persist('/v1/api-keys', { scope: 'tenant', tenantId: 'clocks', name: 'k' })
    const urls = gateways.map(({ url }) => url) as [string, string]
    const signIns = createSignIns({ gateways: urls, key, smtp, callers: CALLERS })
    onTestFinished(() => signIns.close())
    await signIns.goOn(SIGN_INS)
    await signIns.stop()
    const left = await signIns.verifyTheRest()
    report(`clocks ${by} ahead and behind`, {
      signIns: signIns.count(),
      left,
      mails: smtp.mails.length,
      repeated: signIns.repeated(),
    })
    expect(signIns.wrong.join('\n')).toBe('')
    // By the clock of a mailer that is an hour ahead, nine of ten mails had failed at their first call.
    expect(signIns.repeated()).toBeLessThan(SIGN_INS / 10)
    // One mail for each: no mailer took a message of the other one for orphaned.
    expect(smtp.mails.length).toBe(signIns.count())
  },
  300_000,
)
