import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { eventually } from '@emailauth/testing/eventually'
import { keep } from '@emailauth/testing/keep'
import { startRedis } from '@emailauth/testing/redis'
import {
  sharedEnv,
  startGateway,
  startMailer,
  startPersistence,
  type TestService,
} from '@emailauth/testing/services'
import { startSmtp, type TestSmtp } from '@emailauth/testing/smtp'
import { Pool } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { FULL, form, report } from './form.ts'
import { type ProxyProgram, type RunningProxy, startProxy } from './proxies.ts'
import { freshAddress, numberIn } from './world.ts'

const ROUNDS = form(1, 10)
const CALLERS = form(4, 8)
/** Longer than a balancer needs to notice `/readyz`. */
const DRAIN_SECONDS = '2'
const AFTER_A_FAILURE_MS = 25
/** Says that Redis did not answer within 350 ms, which happens on a busy machine, restart or none. */
const TOO_LATE = 'This call came too late; nothing was done.'

/** What stands before two processes of one service: the caller's list of both, or a proxy. */
type Front = 'URL lists' | ProxyProgram

/** Two of each service. Behind a proxy, the gateways and the services that they call each have one. */
async function startPairs(front: Front) {
  const redis = keep(await startRedis())
  const smtp = keep(await startSmtp())
  const env = {
    ...sharedEnv(redis.url),
    EMAILAUTH_LOG_LEVEL: 'warn',
    EMAILAUTH_DRAIN_SECONDS: front === 'URL lists' ? '0.3' : DRAIN_SECONDS,
  }
  const twice = async (start: () => Promise<TestService>): Promise<[TestService, TestService]> => [
    keep(await start()),
    keep(await start()),
  ]
  const proxies: RunningProxy[] = []
  const inFront = async ([a, b]: readonly [TestService, TestService]) => {
    if (front === 'URL lists') return `${a.url},${b.url}`
    const proxy = keep(await startProxy(front, [a.url, b.url]))
    proxies.push(proxy)
    return proxy.url
  }
  const persistences = await twice(() => startPersistence({ env }))
  const mailers = await twice(() => startMailer({ env: { ...env, EMAILAUTH_SMTP_URL: smtp.url } }))
  const urls = {
    EMAILAUTH_PERSISTENCE_URL: await inFront(persistences),
    EMAILAUTH_MAILER_URL: await inFront(mailers),
  }
  const gatewayEnv = { ...env, ...urls, EMAILAUTH_DRAIN_SECONDS: DRAIN_SECONDS }
  const gateways = await twice(() => startGateway({ env: gatewayEnv }))
  const persist = async (path: string, body: object) => {
    const reply = await fetch(`${persistences[0].url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await reply.json()) as { key: string }
  }
  const settings = { registersPerTenant: { max: 1_000_000, windowSeconds: 60 } }
  await persist('/v1/tenants', { id: 'rolled', name: 'Rolled', settings })
  const { key } = await persist('/v1/api-keys', { scope: 'tenant', tenantId: 'rolled', name: 'k' })
  const call =
    front === 'URL lists'
      ? createBalancer(
          gateways.map(({ url }) => url),
          key,
        )
      : createProxyCaller(await inFront(gateways), key)
  const [ofPersistence, ofMailer, ofGateway] = proxies
  return {
    smtp,
    call,
    pairs: { persistence: persistences, mailer: mailers, gateway: gateways },
    proxies: { persistence: ofPersistence, mailer: ofMailer, gateway: ofGateway },
  }
}

interface Target {
  url: string
  pool: Pool
  isReady: boolean
}

type Call = (query: string, input: object) => Promise<Record<string, unknown>>

/** Calls by one URL and tries nothing again: every failure counts. */
function createProxyCaller(url: string, key: string): Call {
  const pool = new Pool(url, { connections: 16 })
  onTestFinished(() => pool.close())
  return (query, input) => post(pool, key, query, input)
}

async function post(pool: Pool, key: string, query: string, input: object): Promise<Record<string, unknown>> {
  const { body } = await pool.request({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables: { input } }),
  })
  const text = await body.text()
  if (!text.startsWith('{')) throw new Error(text)
  const { data, errors } = JSON.parse(text) as { data?: { answer: object }; errors?: object[] }
  if (data?.answer === undefined) throw new Error(JSON.stringify(errors))
  return { ...data.answer }
}

/**
 * Calls the gateways in turn, as balancers do: it asks each for `/readyz` and leaves out who is not ready.
 * One that refuses the connection got nothing, so the next one is asked. No other failure is tried again.
 */
function createBalancer(urls: readonly string[], key: string): Call {
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
  onTestFinished(async () => {
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
  return async (query, input) => {
    for (;;) {
      const target = await next()
      try {
        return await post(target.pool, key, query, input)
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

const isInstalled = (front: Front) =>
  front === 'URL lists' || spawnSync(front, ['-v'], { stdio: 'ignore' }).error === undefined

describe.each(['URL lists', 'nginx', 'haproxy'] as const)('with %s', (front) => {
  const services = ['persistence', 'mailer', 'gateway'] as const
  // The short form rolls what the proxy's configuration decides about.
  const rolled = FULL || front === 'URL lists' ? services : (['gateway'] as const)
  test.runIf(FULL || (front !== 'haproxy' && isInstalled(front))).each(rolled)(
    `%s is restarted under load${ROUNDS === 1 ? '' : `, both processes, ${ROUNDS} times`}: no call fails, every mail goes out`,
    async (name) => {
      const { smtp, pairs, proxies, call } = await startPairs(front)
      const processes = pairs[name].slice(0, form(1, 2))
      const load = startSignIns(smtp, call)
      try {
        await load.goesOn(CALLERS)
        for (let round = 0; round < ROUNDS; round++) {
          for (const service of processes) {
            // As who rolls out: the next one follows when the proxy has this one back.
            await proxies[name]?.leavesOut(service.url)
            await service.roll()
            await proxies[name]?.sees(service.url)
            await load.goesOn(1)
          }
        }
      } finally {
        await load.stop()
      }
      report(`rolling restarts of ${name} with ${front}`, {
        restarts: processes.length * ROUNDS,
        signIns: load.signIns(),
        tooLate: load.tooLate(),
        failed: load.failures.length,
      })
      // As one text, because the difference of two lists does not say what is in them.
      const printed = load.failures.length === 0 ? '' : `\n${proxies[name]?.output() ?? ''}`
      expect(load.failures.join('\n') + printed).toBe('')
    },
    form(180_000, 1_800_000),
  )
})

/**
 * Callers that register, read the mail and verify, without a pause. What is no good answer is a failure, but
 * for calls that were too late.
 */
function startSignIns(smtp: TestSmtp, call: Call) {
  const failures: string[] = []
  let signIns = 0
  let tooLate = 0
  let isOver = false

  /** Repeats a call that did nothing because it was late, as its answer asks for. */
  const ask: Call = async (query, input) => {
    for (;;) {
      try {
        return await call(query, input)
      } catch (error) {
        if (!String(error).includes(TOO_LATE)) throw error
        tooLate += 1
        await wait(AFTER_A_FAILURE_MS)
      }
    }
  }

  async function signIn(): Promise<void> {
    const email = freshAddress()
    const token = randomUUID()
    const registered = await ask(REGISTER, { email, token, idempotencyKey: randomUUID() })
    if (registered.delivery === 'FAILED' || registered.delivery === undefined) {
      throw new Error(`register: ${JSON.stringify(registered)}`)
    }
    const number = await eventually(async () => {
      const mail = smtp.mails.find(({ to }) => to.includes(email))
      if (mail === undefined) throw new Error(`no mail to ${email}`)
      return numberIn(mail)
    }, 60_000)
    const verified = await ask(VERIFY, { number, idempotencyKey: randomUUID() })
    if (verified.token !== token) throw new Error(`verify: ${JSON.stringify(verified)}`)
    signIns += 1
  }
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!isOver)
      await signIn().catch(async (error: unknown) => {
        failures.push(`${error} ${(error as { code?: string }).code ?? ''}`)
        // Not to spin when nothing can be reached any more.
        await wait(AFTER_A_FAILURE_MS)
      })
  })
  return {
    failures,
    signIns: () => signIns,
    tooLate: () => tooLate,
    goesOn(more: number) {
      const before = signIns
      return eventually(() => expect(signIns).toBeGreaterThanOrEqual(before + more), 60_000)
    },
    async stop() {
      isOver = true
      await Promise.all(callers)
    },
  }
}

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
