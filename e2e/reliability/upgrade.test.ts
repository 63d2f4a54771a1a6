import { randomUUID } from 'node:crypto'
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
import { startSmtp } from '@emailauth/testing/smtp'
import { expect, test } from 'vitest'
import { TOO_LATE } from './sign-in-load.ts'
import { keyOfBoth } from './upgraded-system.ts'
import { freshAddress, numberIn, WIDE_SETTINGS } from './world.ts'

// A rolling upgrade from another build to this one and back, under load. It needs a built checkout of the
// other revision, so it runs only where somebody names its folder (docs/operations/upgrades.md).
const PREVIOUS = process.env.EMAILAUTH_PREVIOUS
const CALLERS = 4
const WAITING = 10
/** Fewer than the faults in a row after which a relay is passed over. */
const DEFERRED = 4

const REGISTER =
  'mutation ($input: RegisterInput!) { answer: register(input: $input) { __typename ... on Registered { delivery identityId } } }'
const VERIFY =
  'mutation ($input: VerifyInput!) { answer: verify(input: $input) { __typename ... on Verified { token } } }'

test.skipIf(PREVIOUS === undefined)(
  'a rolling upgrade and the way back, under load: no call fails, no token is given twice, no number and no mail is lost',
  async () => {
    const root = PREVIOUS ?? ''
    const here = new URL('../..', import.meta.url).pathname
    const redis = keep(await startRedis())
    /** Addresses whose mails the relay takes later. */
    const later = new Set<string>()
    const smtp = keep(
      await startSmtp({
        rcptTo: (address) => (later.has(address) ? { code: 451, text: '4.7.1 Try again later' } : undefined),
      }),
    )
    const env = {
      ...sharedEnv(redis.url),
      ...keyOfBoth(),
      EMAILAUTH_LOG_LEVEL: 'warn',
      EMAILAUTH_DRAIN_SECONDS: '0.5',
    }
    const twice = async (start: () => Promise<TestService>) => [keep(await start()), keep(await start())]
    const persistences = await twice(() => startPersistence({ env, root }))
    const mailers = await twice(() => startMailer({ env: { ...env, EMAILAUTH_SMTP_URL: smtp.url }, root }))
    const urls = {
      EMAILAUTH_PERSISTENCE_URL: persistences.map(({ url }) => url).join(','),
      EMAILAUTH_MAILER_URL: mailers.map(({ url }) => url).join(','),
    }
    const gateways = await twice(() => startGateway({ env: { ...env, ...urls }, root }))
    const key = await makeTenant(persistences[0]?.url ?? '', env.EMAILAUTH_SERVICE_TOKEN)

    let turn = 0
    let tooLate = 0
    const leftOut = new Set<TestService>()
    /** Only a refused connection is tried elsewhere, as a balancer does. */
    const call = async (query: string, input: object): Promise<Record<string, string>> => {
      for (;;) {
        const asked = gateways.filter((gateway) => !leftOut.has(gateway))
        const gateway = asked[turn++ % asked.length]
        const reply = await fetch(`${gateway?.url}/graphql`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Bearer ${key}`,
            connection: 'close',
          },
          body: JSON.stringify({ query, variables: { input } }),
        }).catch((error: { cause?: { code?: string } }) => {
          if (error.cause?.code !== 'ECONNREFUSED') throw error
        })
        if (reply === undefined) continue
        const { data, errors } = (await reply.json()) as { data?: { answer: never }; errors?: object[] }
        if (data?.answer !== undefined) return data.answer
        const said = JSON.stringify(errors)
        if (!said.includes(TOO_LATE)) throw new Error(said)
        // As its answer asks for. It happens on a busy machine, restart or none.
        tooLate += 1
      }
    }
    const register = async (token: string, email = freshAddress()) => {
      const answer = await call(REGISTER, { email, token, idempotencyKey: randomUUID() })
      if (answer.delivery === undefined || answer.delivery === 'FAILED')
        throw new Error(JSON.stringify(answer))
      return email
    }
    const numberTo = (email: string) =>
      eventually(() => {
        const mails = smtp.mails.filter(({ to }) => to.includes(email))
        expect(mails, `mails to ${email}`).toHaveLength(1)
        return numberIn(mails[0] as (typeof mails)[number])
      }, 60_000)
    const verify = (number: string) => call(VERIFY, { number, idempotencyKey: randomUUID() })

    const failures: string[] = []
    let signIns = 0
    let isOver = false
    const signIn = async () => {
      const token = randomUUID()
      const number = await numberTo(await register(token))
      const verified = await verify(number)
      if (verified.token !== token) throw new Error(`verify: ${JSON.stringify(verified)}`)
      const again = await verify(number)
      if (again.token !== undefined) throw new Error('a token was given twice')
      signIns += 1
    }
    const callers = Array.from({ length: CALLERS }, async () => {
      while (!isOver) await signIn().catch((error: unknown) => failures.push(String(error)))
    })
    const rollAll = async (services: readonly TestService[], to: string) => {
      for (const service of services) {
        // As a balancer: it calls no gateway that goes.
        leftOut.add(service)
        await service.roll(to)
        leftOut.delete(service)
        const before = signIns
        await eventually(() => expect(signIns).toBeGreaterThan(before), 60_000)
      }
    }
    /** Registered by one build, verified by the other. */
    const waiting = async () => {
      const tokens = Array.from({ length: WAITING }, () => randomUUID())
      return Promise.all(
        tokens.map(async (token) => ({ token, number: await numberTo(await register(token)) })),
      )
    }
    const verifyAll = async (all: Awaited<ReturnType<typeof waiting>>) => {
      for (const { token, number } of all) expect(await verify(number)).toMatchObject({ token })
    }
    /** Mails that one build deferred, and the other sends. */
    const deferred = async () => {
      const all = Array.from({ length: DEFERRED }, () => ({ token: randomUUID(), email: freshAddress() }))
      for (const { email } of all) later.add(email)
      await Promise.all(all.map(({ token, email }) => register(token, email)))
      return all
    }
    const verifyDeferred = async (all: Awaited<ReturnType<typeof deferred>>) => {
      for (const { email } of all) expect(smtp.mails.filter(({ to }) => to.includes(email))).toEqual([])
      later.clear()
      for (const { token, email } of all) expect(await verify(await numberTo(email))).toMatchObject({ token })
    }

    const [byOld, deferredByOld] = [await waiting(), await deferred()]
    await rollAll([...persistences, ...mailers, ...gateways], here)
    await verifyAll(byOld)
    await verifyDeferred(deferredByOld)
    const [byNew, deferredByNew] = [await waiting(), await deferred()]
    await rollAll([...gateways, ...mailers, ...persistences], root)
    await verifyAll(byNew)
    await verifyDeferred(deferredByNew)
    isOver = true
    await Promise.all(callers)
    console.log(
      `rolling upgrade and back: ${JSON.stringify({ restarts: 12, signIns, tooLate, failed: failures.length })}`,
    )
    expect(failures.join('\n')).toBe('')
  },
  600_000,
)

async function makeTenant(url: string, serviceToken: string): Promise<string> {
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' }
    const reply = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await reply.json()) as { key: string }
  }
  // Each sign-in verifies twice, and the second one is a miss: more than a tenant's budget of them.
  await post('/v1/tenants', { id: 'rolled', name: 'Rolled', settings: WIDE_SETTINGS })
  return (await post('/v1/api-keys', { scope: 'tenant', tenantId: 'rolled', name: 'k' })).key
}
