import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keep } from '@emailauth/testing/keep'
import { redisProgram, startRedis, startRedisOf } from '@emailauth/testing/redis'
import { sharedEnv, startGateway, startMailer, startPersistence } from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, onTestFinished, test } from 'vitest'
import { FULL, report } from './form.ts'
import { createSignIns } from './sign-ins.ts'
import { WIDE_SETTINGS } from './world.ts'

// Of the Debian package faketime: it changes the wall clock of a process, and not its monotonic one.
const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'
// Before jemalloc, which Redis uses and which asks for the time while the library asks it for memory.
const LIBC = '/lib/x86_64-linux-gnu/libc.so.6'
const CALLERS = 4
const SIGN_INS = 200

/** An API key of a new tenant whose numbers live so long. */
async function tenantKey(url: string, serviceToken: string, ttlSeconds: number): Promise<string> {
  const persist = async (path: string, body: object) => {
    const reply = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await reply.json()) as { key: string }
  }
  await persist('/v1/tenants', { id: 'clocks', name: 'Clocks', settings: { ...WIDE_SETTINGS, ttlSeconds } })
  const { key } = await persist('/v1/api-keys', { scope: 'tenant', tenantId: 'clocks', name: 'k' })
  return key
}

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
    const key = await tenantKey(persistences[0]?.url ?? '', env.EMAILAUTH_SERVICE_TOKEN, 600)
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

/** A wall clock that is set while its process runs; its monotonic one goes on. */
async function aClock() {
  const folder = await mkdtemp(join(tmpdir(), 'emailauth-clock-'))
  const file = join(folder, 'offset')
  const set = async (by: string) => {
    await writeFile(`${file}.new`, by)
    // In one step, because its process reads it at any moment.
    await rename(`${file}.new`, file)
  }
  await set('+0s')
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const env = {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
  return {
    set,
    env,
    /** A program that starts another one with this clock. */
    async starting(program: string) {
      const path = join(folder, 'start')
      const variables = Object.entries({ ...env, LD_PRELOAD: `${LIBRARY} ${LIBC}` }).map(
        ([name, value]) => `${name}='${value}'`,
      )
      await writeFile(path, `#!/bin/sh\nexec env ${variables.join(' ')} ${program} "$@"\n`)
      await chmod(path, 0o700)
      return path
    },
  }
}

// Behind a step ahead, what was registered before has expired, unless it lives longer.
const AFTER_A_STEP = 40
const STEPS = ['+10s', '-1h', '+1h', '-3h', '+0s']

test.runIf(FULL && existsSync(LIBRARY)).each(['redis', 'persistence', 'mailer', 'gateway'])(
  'the clock of %s is set ahead and back while people sign in: no call fails',
  async (whose) => {
    const clock = await aClock()
    const on = (name: string) => (name === whose ? clock.env : {})
    const redis = keep(
      whose === 'redis' ? await startRedisOf(await clock.starting(redisProgram())) : await startRedis(),
    )
    const smtp = keep(await startSmtp())
    const env = { ...sharedEnv(redis.url), EMAILAUTH_SMTP_URL: smtp.url }
    const persistence = keep(await startPersistence({ env: { ...env, ...on('persistence') } }))
    const mailer = keep(await startMailer({ env: { ...env, ...on('mailer') } }))
    const urls = { EMAILAUTH_PERSISTENCE_URL: persistence.url, EMAILAUTH_MAILER_URL: mailer.url }
    const gateway = keep(await startGateway({ env: { ...env, ...urls, ...on('gateway') } }))
    const key = await tenantKey(persistence.url, env.EMAILAUTH_SERVICE_TOKEN, 86_400)
    const signIns = createSignIns({ gateways: [gateway.url, gateway.url], key, smtp, callers: CALLERS })
    onTestFinished(() => signIns.close())
    await signIns.goOn(20)
    const steps: Record<string, object> = {}
    for (const by of STEPS) {
      const before = signIns.repeated()
      const at = performance.now()
      await clock.set(by)
      await signIns.goOn(AFTER_A_STEP)
      steps[by] = { repeated: signIns.repeated() - before, troubleMs: signIns.troubleAfter(at) }
    }
    await signIns.stop()
    const left = await signIns.verifyTheRest()
    report(`the clock of ${whose} is set`, {
      signIns: signIns.count(),
      left,
      mails: smtp.mails.length,
      ...steps,
    })
    expect(signIns.wrong.join('\n')).toBe('')
    expect(signIns.repeated()).toBe(0)
    expect(smtp.mails.length).toBe(signIns.count())
  },
  300_000,
)
