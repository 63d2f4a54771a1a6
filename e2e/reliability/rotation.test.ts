import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { keep } from '@emailauth/testing/keep'
import { startRedis, type TestRedis } from '@emailauth/testing/redis'
import { redisCli } from '@emailauth/testing/redis-cli'
import {
  sharedEnv,
  startGateway,
  startMailer,
  startPersistence,
  type TestService,
} from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { createBalancer } from './balancer.ts'
import { FULL, report } from './form.ts'
import { CALLERS, startSignIns } from './sign-in-load.ts'
import { WIDE_SETTINGS } from './world.ts'

const PAGE = readFileSync(new URL('../../docs/deployment/redis.md', import.meta.url), 'utf8')
const MAILER_KEYS = fileURLToPath(new URL('../../scripts/mailer-keys.mjs', import.meta.url))
const USERS = ['emailauth-persistence', 'emailauth-mailer'] as const

const newKey = () => randomBytes(32).toString('base64')
const mailerKeys = (keys: string) =>
  execFileSync(process.execPath, [MAILER_KEYS], {
    env: { EMAILAUTH_SECRET_KEYS: keys },
    encoding: 'utf8',
  }).trim()

const redisUrl = ({ port }: TestRedis, user: string, password: string) =>
  `redis://${user}:${password}@127.0.0.1:${port}`

/** Makes the users of the page, with the password `old`. */
async function makeUsers({ port }: TestRedis): Promise<void> {
  for (const user of USERS) {
    const [, rules = ''] = new RegExp(`^ACL SETUSER ${user} on >PASSWORD (.*)$`, 'm').exec(PAGE) ?? []
    await redisCli(port, 'ACL', 'SETUSER', user, 'on', '>old', ...rules.split(' '))
  }
}

// Only in the full form: it restarts six processes six times.
test.runIf(FULL)(
  'every secret of the page on keys is replaced under load: no call fails, every mail goes out',
  async () => {
    const redis = keep(await startRedis())
    await makeUsers(redis)
    const accepted = new Set(['old'])
    const smtp = keep(
      await startSmtp(
        { auth: (_, password) => (accepted.has(password) ? undefined : { code: 535, text: '5.7.8 no' }) },
        { disabledCommands: ['STARTTLS'], authOptional: false, allowInsecureAuth: true },
      ),
    )
    const { EMAILAUTH_SECRET_KEYS: key, ...all } = sharedEnv(redis.url)
    const env = { ...all, EMAILAUTH_DRAIN_SECONDS: '1' }
    const relay = (password: string) => `smtp://mailer:${password}@127.0.0.1:${smtp.port}?starttls=none`
    const two = async (start: () => Promise<TestService>) =>
      [keep(await start()), keep(await start())] as const
    const persistences = await two(() =>
      startPersistence({
        env: { ...env, EMAILAUTH_SECRET_KEYS: key, EMAILAUTH_REDIS_URL: redisUrl(redis, USERS[0], 'old') },
      }),
    )
    const mailers = await two(() =>
      startMailer({
        env: {
          ...env,
          EMAILAUTH_MAILER_KEYS: mailerKeys(key),
          EMAILAUTH_REDIS_URL: redisUrl(redis, USERS[1], 'old'),
          EMAILAUTH_SMTP_URL: relay('old'),
        },
      }),
    )
    const urls = (services: readonly TestService[]) => services.map(({ url }) => url).join()
    const gateways = await two(() =>
      startGateway({
        env: {
          ...env,
          EMAILAUTH_PERSISTENCE_URL: urls(persistences),
          EMAILAUTH_MAILER_URL: urls(mailers),
        },
      }),
    )
    const apiKey = await newTenantKey(persistences[0], env.EMAILAUTH_SERVICE_TOKEN)
    const { call } = keep(
      createBalancer(
        gateways.map(({ url }) => url),
        apiKey,
      ),
    )
    const load = startSignIns(smtp, call)
    const roll = async (
      services: readonly TestService[],
      changes: Readonly<Record<string, string | undefined>>,
    ) => {
      for (const service of services) {
        await load.goesOn(CALLERS)
        await service.rollWith(changes)
      }
    }
    try {
      await load.goesOn(CALLERS)
      const everything = [...persistences, ...mailers, ...gateways]
      const [former, token] = [env.EMAILAUTH_SERVICE_TOKEN, randomBytes(32).toString('hex')]
      await roll(everything, { EMAILAUTH_ACCEPTED_SERVICE_TOKENS: token })
      await roll(everything, {
        EMAILAUTH_SERVICE_TOKEN: token,
        EMAILAUTH_ACCEPTED_SERVICE_TOKENS: former,
      })
      await roll(everything, { EMAILAUTH_ACCEPTED_SERVICE_TOKENS: undefined })

      const second = newKey()
      for (const keys of [`${key},${second}`, `${second},${key}`]) {
        await roll(persistences, { EMAILAUTH_SECRET_KEYS: keys })
        await roll(mailers, { EMAILAUTH_MAILER_KEYS: mailerKeys(keys) })
      }

      for (const [user, services] of [
        [USERS[0], persistences],
        [USERS[1], mailers],
      ] as const) {
        await redisCli(redis.port, 'ACL', 'SETUSER', user, '>new')
        await roll(services, { EMAILAUTH_REDIS_URL: redisUrl(redis, user, 'new') })
        await redisCli(redis.port, 'ACL', 'SETUSER', user, '<old')
      }

      accepted.add('new')
      await roll(mailers, { EMAILAUTH_SMTP_URL: relay('new') })
      accepted.delete('old')
      await load.goesOn(CALLERS)
    } finally {
      await load.stop()
    }
    report('every secret replaced', {
      signIns: load.signIns(),
      tooLate: load.tooLate(),
      failed: load.failures.length,
    })
    expect(load.failures).toEqual([])
  },
  1_800_000,
)

async function newTenantKey({ url }: TestService, token: string): Promise<string> {
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const reply = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await reply.json()) as { key: string }
  }
  await post('/v1/tenants', { id: 'rotated', name: 'Rotated', settings: WIDE_SETTINGS })
  return (await post('/v1/api-keys', { scope: 'tenant', tenantId: 'rotated', name: 'k' })).key
}
