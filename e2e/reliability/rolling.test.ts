import { randomUUID } from 'node:crypto'
import { eventually } from '@emailauth/testing/eventually'
import { startRedis } from '@emailauth/testing/redis'
import {
  sharedEnv,
  startGateway,
  startMailer,
  startPersistence,
  type TestService,
} from '@emailauth/testing/services'
import { startSmtp } from '@emailauth/testing/smtp'
import { Pool } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { form, report } from './form.ts'
import { freshAddress, numberIn } from './world.ts'

const ROUNDS = form(1, 10)
const CALLERS = form(4, 16)

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const keep = <T extends { stop(): Promise<unknown> }>(started: T): T => {
  ends.push(() => started.stop())
  return started
}

/** Two of each service, each knowing both of the others by a list of URLs; no balancer between them. */
async function startPairs() {
  const redis = keep(await startRedis())
  const smtp = keep(await startSmtp())
  const env = { ...sharedEnv(redis.url), EMAILAUTH_LOG_LEVEL: 'warn', EMAILAUTH_DRAIN_SECONDS: '0.3' }
  const twice = async (start: () => Promise<TestService>) => [keep(await start()), keep(await start())]
  const persistences = await twice(() => startPersistence({ env }))
  const mailers = await twice(() => startMailer({ env: { ...env, EMAILAUTH_SMTP_URL: smtp.url } }))
  const urls = {
    EMAILAUTH_PERSISTENCE_URL: persistences.map(({ url }) => url).join(','),
    EMAILAUTH_MAILER_URL: mailers.map(({ url }) => url).join(','),
  }
  // Only a gateway is behind a balancer, which must notice /readyz within this time; it looks every 50 ms.
  const gatewayEnv = { ...env, ...urls, EMAILAUTH_DRAIN_SECONDS: '2' }
  const gateways = await twice(() => startGateway({ env: gatewayEnv }))
  const persist = async (path: string, body: object) => {
    const reply = await fetch(`${persistences[0]?.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await reply.json()) as { key: string }
  }
  const settings = { registersPerTenant: { max: 1_000_000, windowSeconds: 60 } }
  await persist('/v1/tenants', { id: 'rolled', name: 'Rolled', settings })
  const { key } = await persist('/v1/api-keys', { scope: 'tenant', tenantId: 'rolled', name: 'k' })
  return { smtp, persistences, mailers, gateways, key }
}

interface Target {
  url: string
  pool: Pool
  isReady: boolean
}

/**
 * Calls the gateways in turn, as balancers do: it asks each for `/readyz` and leaves out who is not ready.
 * One that refuses the connection got nothing, so the next one is asked. No other failure is tried again.
 */
function createBalancer(urls: readonly string[], key: string) {
  const targets: Target[] = urls.map((url) => ({
    url,
    pool: new Pool(url, { connections: 16 }),
    isReady: true,
  }))
  const checks = setInterval(() => {
    for (const target of targets)
      fetch(`${target.url}/readyz`, { signal: AbortSignal.timeout(1000) }).then(
        ({ ok }) => {
          target.isReady = ok
        },
        () => {
          target.isReady = false
        },
      )
  }, 50)
  ends.push(async () => {
    clearInterval(checks)
    await Promise.all(targets.map(({ pool }) => pool.close()))
  })
  let turn = 0
  const next = () =>
    eventually(() => {
      const ready = targets.filter(({ isReady }) => isReady)
      const target = ready[turn++ % ready.length]
      if (target === undefined) throw new Error('no gateway is ready')
      return target
    }, 20_000)
  return async (query: string, input: object): Promise<Record<string, unknown>> => {
    for (;;) {
      const target = await next()
      try {
        const { body } = await target.pool.request({
          method: 'POST',
          path: '/graphql',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
          body: JSON.stringify({ query, variables: { input } }),
        })
        const { data, errors } = (await body.json()) as { data?: { answer: object }; errors?: object[] }
        if (data?.answer === undefined) throw new Error(JSON.stringify(errors))
        return { ...data.answer }
      } catch (error) {
        const wasRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
        if (!wasRefused) throw error
        target.isReady = false
      }
    }
  }
}

const REGISTER =
  'mutation ($input: RegisterInput!) { answer: register(input: $input) { __typename ... on Registered { delivery } } }'
const VERIFY =
  'mutation ($input: VerifyInput!) { answer: verify(input: $input) { __typename ... on Verified { token } } }'

test(
  `every service is restarted ${ROUNDS === 1 ? 'once' : `${ROUNDS} times`} under load: no call fails, every mail goes out`,
  async () => {
    const { smtp, persistences, mailers, gateways, key } = await startPairs()
    const call = createBalancer(
      gateways.map(({ url }) => url),
      key,
    )
    const failures: string[] = []
    let rounds = 0
    let isOver = false

    async function signIn(): Promise<void> {
      const email = freshAddress()
      const token = randomUUID()
      const registered = await call(REGISTER, { email, token, idempotencyKey: randomUUID() })
      if (registered.delivery === 'FAILED' || registered.delivery === undefined) {
        throw new Error(`register: ${JSON.stringify(registered)}`)
      }
      const number = await eventually(async () => {
        const mail = smtp.mails.find(({ to }) => to.includes(email))
        if (mail === undefined) throw new Error(`no mail to ${email}`)
        return numberIn(mail)
      }, 60_000)
      const verified = await call(VERIFY, { number, idempotencyKey: randomUUID() })
      if (verified.token !== token) throw new Error(`verify: ${JSON.stringify(verified)}`)
      rounds += 1
    }
    const callers = Array.from({ length: CALLERS }, async () => {
      while (!isOver)
        await signIn().catch((error: unknown) =>
          failures.push(`${error} ${(error as { code?: string }).code ?? ''}`),
        )
    })

    await eventually(() => expect(rounds).toBeGreaterThan(CALLERS), 30_000)
    for (let round = 0; round < ROUNDS; round++) {
      for (const service of [...persistences, ...mailers, ...gateways]) {
        await service.roll()
        const before = rounds
        await eventually(() => expect(rounds).toBeGreaterThan(before), 60_000)
      }
    }
    isOver = true
    await Promise.all(callers)
    report('rolling restarts with URL lists', {
      restarts: 6 * ROUNDS,
      signIns: rounds,
      failed: failures.length,
    })
    expect(failures).toEqual([])
  },
  form(180_000, 1_800_000),
)

test('after SIGTERM /readyz says 503 while work goes on, connections end with their replies, then the process ends by itself', async () => {
  const redis = keep(await startRedis())
  const env = { ...sharedEnv(redis.url), EMAILAUTH_DRAIN_SECONDS: '5' }
  const persistence = keep(await startPersistence({ env }))
  const ask = (path: string) =>
    fetch(`${persistence.url}${path}`, {
      headers: { authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}` },
    })
  expect((await ask('/v1/tenants')).headers.get('connection')).not.toBe('close')
  process.kill(persistence.pid, 'SIGTERM')
  await eventually(async () => {
    const ready = await ask('/readyz')
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'draining', checks: {} }])
  })
  const tenants = await ask('/v1/tenants')
  expect([tenants.status, tenants.headers.get('connection')]).toEqual([200, 'close'])
  // A second signal cuts it short.
  process.kill(persistence.pid, 'SIGTERM')
  await eventually(async () => expect(await ask('/healthz').catch(() => 'gone')).toBe('gone'), 15_000)
})
