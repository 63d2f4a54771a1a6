import { randomBytes } from 'node:crypto'
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
import { WIDE_SETTINGS } from './world.ts'

/** What a call was answered, with the cookies that it set, each as `name=value`. */
export interface Answer {
  readonly data?: { readonly answer: Record<string, unknown> } | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
  readonly cookies: readonly string[]
}

/** A key for the cipher that builds before decision 50 know, too. */
export const keyOfBoth = () => ({ EMAILAUTH_SECRET_KEYS: randomBytes(32).toString('base64') })

/** Two of each service of another checkout, in front of them a balancer. They stop with the running test. */
export async function startSystemOf(root: string, admins: readonly string[]) {
  const redis = keep(await startRedis('--appendonly', 'yes'))
  const smtp = keep(await startSmtp())
  const env = {
    ...sharedEnv(redis.url),
    ...keyOfBoth(),
    EMAILAUTH_DRAIN_SECONDS: '0.5',
    EMAILAUTH_ADMIN_EMAILS: admins.join(','),
    EMAILAUTH_SMTP_URL: smtp.url,
  }
  const twice = async (start: () => Promise<TestService>) => [keep(await start()), keep(await start())]
  const persistences = await twice(() => startPersistence({ env, root }))
  const mailers = await twice(() => startMailer({ env, root }))
  const urls = {
    EMAILAUTH_PERSISTENCE_URL: persistences.map(({ url }) => url).join(','),
    EMAILAUTH_MAILER_URL: mailers.map(({ url }) => url).join(','),
  }
  const gateways = await twice(() => startGateway({ env: { ...env, ...urls }, root }))
  const leftOut = new Set<TestService>()
  let turn = 0
  const nextGateway = () => {
    const asked = gateways.filter((gateway) => !leftOut.has(gateway))
    return asked[turn++ % asked.length]?.url ?? ''
  }
  const toPersistence = (path: string, body?: object) =>
    fetch(`${persistences[0]?.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${env.EMAILAUTH_SERVICE_TOKEN}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    redis,
    smtp,
    persistences,
    mailers,
    gateways,
    nextGateway,

    /** Asks one gateway after the other. What was not sent to one is sent to the next. */
    async ask(headers: Record<string, string>, query: string, variables: object): Promise<Answer> {
      for (;;) {
        const reply = await fetch(`${nextGateway()}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', connection: 'close', ...headers },
          body: JSON.stringify({ query, variables }),
        }).catch((error: { cause?: { syscall?: string } }) => {
          if (error.cause?.syscall !== 'connect') throw error
        })
        if (reply === undefined) continue
        const cookies = reply.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '')
        return { ...((await reply.json()) as Answer), cookies }
      }
    },

    /** Makes a tenant without tight limits. Resolves with a key of it. */
    async makeTenant(id: string): Promise<string> {
      await toPersistence('/v1/tenants', { id, name: id, settings: WIDE_SETTINGS })
      const made = await toPersistence('/v1/api-keys', { scope: 'tenant', tenantId: id, name: 'k' })
      return ((await made.json()) as { key: string }).key
    },

    findings: async () => (await toPersistence('/v1/diagnostics')).text(),

    /** Replaces one process by that of a checkout. Meanwhile no call goes to it. */
    async replace(service: TestService, to: string): Promise<void> {
      leftOut.add(service)
      await service.roll(to)
      leftOut.delete(service)
    },
  }
}

export type UpgradedSystem = Awaited<ReturnType<typeof startSystemOf>>
