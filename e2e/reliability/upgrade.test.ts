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
import { freshAddress, numberIn } from './world.ts'

// A rolling upgrade from another build to this one and back, under load. It needs a built checkout of the
// other revision, so it runs only where somebody names its folder (docs/deployment.md, "Upgrades").
const PREVIOUS = process.env.EMAILAUTH_PREVIOUS
const CALLERS = 4
const WAITING = 10

const REGISTER =
  'mutation ($input: RegisterInput!) { answer: register(input: $input) { __typename ... on Registered { delivery identityId } } }'
const VERIFY =
  'mutation ($input: VerifyInput!) { answer: verify(input: $input) { __typename ... on Verified { token } } }'

test.skipIf(PREVIOUS === undefined)(
  'a rolling upgrade and the way back, under load: no call fails, no token is given twice, no number is lost',
  async () => {
    const root = PREVIOUS ?? ''
    const here = new URL('../..', import.meta.url).pathname
    const redis = keep(await startRedis())
    const smtp = keep(await startSmtp())
    const env = { ...sharedEnv(redis.url), EMAILAUTH_LOG_LEVEL: 'warn', EMAILAUTH_DRAIN_SECONDS: '0.5' }
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
        if (data?.answer === undefined) throw new Error(JSON.stringify(errors))
        return data.answer
      }
    }
    const register = async (token: string) => {
      const email = freshAddress()
      const answer = await call(REGISTER, { email, token, idempotencyKey: randomUUID() })
      if (answer.delivery === undefined || answer.delivery === 'FAILED')
        throw new Error(JSON.stringify(answer))
      return eventually(() => {
        const mail = smtp.mails.find(({ to }) => to.includes(email))
        if (mail === undefined) throw new Error(`no mail to ${email}`)
        return numberIn(mail)
      }, 60_000)
    }
    const verify = (number: string) => call(VERIFY, { number, idempotencyKey: randomUUID() })

    const failures: string[] = []
    let signIns = 0
    let isOver = false
    const signIn = async () => {
      const token = randomUUID()
      const number = await register(token)
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
      return Promise.all(tokens.map(async (token) => ({ token, number: await register(token) })))
    }
    const verifyAll = async (all: Awaited<ReturnType<typeof waiting>>) => {
      for (const { token, number } of all) expect((await verify(number)).token).toBe(token)
    }

    const byOld = await waiting()
    await rollAll([...persistences, ...mailers, ...gateways], here)
    await verifyAll(byOld)
    const byNew = await waiting()
    await rollAll([...gateways, ...mailers, ...persistences], root)
    await verifyAll(byNew)
    isOver = true
    await Promise.all(callers)
    console.log(
      `rolling upgrade and back: ${JSON.stringify({ restarts: 12, signIns, failed: failures.length })}`,
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
  const settings = { registersPerTenant: { max: 1_000_000, windowSeconds: 60 } }
  await post('/v1/tenants', { id: 'rolled', name: 'Rolled', settings })
  return (await post('/v1/api-keys', { scope: 'tenant', tenantId: 'rolled', name: 'k' })).key
}
